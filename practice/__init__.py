"""The ground every room stands on, sliced by subject. See README.md."""
