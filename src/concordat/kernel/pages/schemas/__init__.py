"""Which of the kernel's own fields the API takes and shows, by the room of the API."""
