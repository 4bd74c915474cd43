"""What each command does with files: options in, an exit code out. One module a command."""
