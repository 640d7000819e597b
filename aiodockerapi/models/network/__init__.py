"""Networks, the endpoints by which containers take part in them, and published ports."""
