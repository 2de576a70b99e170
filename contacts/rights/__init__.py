"""What people may ask of us about their own data: the register of it, and the law's terms."""
