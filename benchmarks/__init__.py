"""What the library costs, and what it catches; `make bench` and `make rejections` run it."""
