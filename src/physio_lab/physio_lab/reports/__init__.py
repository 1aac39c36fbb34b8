"""What any measurement is reported with: confusions, intervals, tables. Knows no network, no video and no data set."""
