"""What an operator watches: counts, alarms, and lists that find nothing."""
