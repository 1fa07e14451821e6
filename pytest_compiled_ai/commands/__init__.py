"""What each `compiled-ai` command does."""
