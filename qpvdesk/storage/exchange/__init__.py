"""Two bases that agree: packages of operations, their merge, and what stays in dispute."""
