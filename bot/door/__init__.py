"""The door: the one gate that every update passes before anything of it is kept."""
