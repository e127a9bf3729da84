select hashes, root from audit_tile where log = %(log)s and level = %(level)s and number = %(number)s;
