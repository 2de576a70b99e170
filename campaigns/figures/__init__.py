"""What happened: figures of a run, comparisons, and every row as CSV and XLSX."""
