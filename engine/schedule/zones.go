package schedule

// Zones lists the IANA zones that a picker offers, by region. Resolve takes
// every other name of the zone database too.
func Zones() []string {
	return []string{
		"UTC",
		"Europe/Amsterdam", "Europe/Athens", "Europe/Berlin", "Europe/Brussels", "Europe/Bucharest",
		"Europe/Budapest", "Europe/Copenhagen", "Europe/Dublin", "Europe/Helsinki", "Europe/Istanbul",
		"Europe/Kyiv", "Europe/Lisbon", "Europe/London", "Europe/Luxembourg", "Europe/Madrid",
		"Europe/Moscow", "Europe/Oslo", "Europe/Paris", "Europe/Prague", "Europe/Riga", "Europe/Rome",
		"Europe/Sofia", "Europe/Stockholm", "Europe/Tallinn", "Europe/Vienna", "Europe/Vilnius",
		"Europe/Warsaw", "Europe/Zurich",
		"Atlantic/Azores", "Atlantic/Canary", "Atlantic/Reykjavik",
		"America/Anchorage", "America/Argentina/Buenos_Aires", "America/Aruba", "America/Bogota",
		"America/Chicago", "America/Curacao", "America/Denver", "America/Halifax", "America/Lima",
		"America/Los_Angeles", "America/Mexico_City", "America/New_York", "America/Paramaribo",
		"America/Phoenix", "America/Santiago", "America/Sao_Paulo", "America/St_Johns",
		"America/Toronto", "America/Vancouver",
		"Africa/Cairo", "Africa/Casablanca", "Africa/Johannesburg", "Africa/Lagos", "Africa/Nairobi",
		"Asia/Bangkok", "Asia/Dhaka", "Asia/Dubai", "Asia/Hong_Kong", "Asia/Jakarta", "Asia/Jerusalem",
		"Asia/Karachi", "Asia/Kathmandu", "Asia/Kolkata", "Asia/Manila", "Asia/Riyadh", "Asia/Seoul",
		"Asia/Shanghai", "Asia/Singapore", "Asia/Taipei", "Asia/Tehran", "Asia/Tokyo",
		"Australia/Adelaide", "Australia/Brisbane", "Australia/Darwin", "Australia/Lord_Howe",
		"Australia/Perth", "Australia/Sydney",
		"Pacific/Auckland", "Pacific/Chatham", "Pacific/Fiji", "Pacific/Honolulu",
	}
}
