"""`python -m bot` is `schoolgate`."""

from bot.cli.main import main

if __name__ == "__main__":
    main()
