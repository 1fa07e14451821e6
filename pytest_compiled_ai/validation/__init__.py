"""Where candidates are judged when several are on the way: in processes of their own, here or on other machines."""
