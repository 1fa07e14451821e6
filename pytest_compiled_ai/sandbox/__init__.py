"""The jail that code which no one has read yet runs in."""
