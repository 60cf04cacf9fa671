"""Decide: values and text in, values and text out. Nothing in here touches the world."""
