"""What a recording of AWS's answers holds, what it tells, and how one is made on purpose. No AWS in here."""
