"""russia-iran-claims: who vouches for what in two reports on intelligence shared by Russia with Iran."""
