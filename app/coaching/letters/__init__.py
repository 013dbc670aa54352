"""Words to send: built-in, versioned templates, and how facts are put into them."""
