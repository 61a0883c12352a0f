"""Changes for the worse to the code that keeps the promises: tests must notice each of them."""
