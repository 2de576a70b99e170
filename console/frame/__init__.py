"""The frame of the staff's pages: who visits, what they may do, forms, layout, live streams."""
