"""The examples once more, in native constructs: to the same templates, but for logical ids and metadata."""
