"""Confirmations: the other side says yes or no to one claimed line, through a link that holds once."""
