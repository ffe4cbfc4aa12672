"""`schoolgate doctor`: each check is a plain function that looks at one thing and returns a `Finding`."""
