"""Our own landmarks of a hand: 224 x 224 pixels in, 21 joints in space out."""
