"""What a plan answers: how it does on fresh paths, what things are worth, what policies cost."""
