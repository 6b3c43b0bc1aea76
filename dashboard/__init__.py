"""The parts of the dashboard that its pages share: sidebar, construct strip, take-away row."""
