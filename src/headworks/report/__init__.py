"""What is shown: the answer in words, tables, charts, and one page that opens offline."""
