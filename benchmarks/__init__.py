"""One script per figure of docs/PERFORMANCE.md; ``python -m benchmarks`` runs them all."""
