"""Tools of development; nothing of them is part of the library."""
