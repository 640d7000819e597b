"""Networks, the endpoints that connect containers to them, and published ports."""
