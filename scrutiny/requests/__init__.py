"""What is asked, of whom, by when: drafting, issuing, answering, certifying, extending; the matrix."""
