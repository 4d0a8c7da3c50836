"""What a chart looks like, as plain geometry: one drawing for the screen and for paper."""
