"""Makers of the captures that the btests read."""
