"""How badly a movement is impaired, as people scored it, learnt from other people: severities of upper limbs, finger tapping."""
