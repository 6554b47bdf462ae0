package main

import "strings"

// fault turns the code of a template's, a certificate's or a token's fault, with its
// argument, as in "unknown_filter sort", into words.
func fault(detail string) string {
	code, arg, _ := strings.Cut(detail, " ")
	code = strings.TrimSuffix(code, ",")
	switch code {
	case "unclosed_object":
		return "“{{ ” is not closed by “ }}”"
	case "unclosed_tag":
		return "“{% ” is not closed by “ %}”"
	case "unclosed_block":
		return "the block “" + arg + "” is not closed by “end" + arg + "”"
	case "misplaced":
		return "“" + arg + "” stands outside its block"
	case "tag_missing":
		return "an empty tag"
	case "too_deep":
		return "blocks are nested too deep"
	case "too_long", "source_too_long":
		return "it is too long"
	case "unknown_tag":
		return "there is no tag “" + arg + "”"
	case "unknown_filter":
		return "there is no filter “" + arg + "”"
	case "filter_arguments":
		return "the filter “" + arg + "” wants other arguments"
	case "filter_missing":
		return "a filter is missing after “|”"
	case "date_format":
		return "the format of the date is not known"
	case "currency":
		return "“" + arg + "” is no currency; write it like \"EUR\""
	case "decimal_places":
		return "the decimal places are a whole number from 0 to 10"
	case "division_by_zero":
		return "a division by zero"
	case "range":
		return "ranges are not allowed"
	case "unexpected":
		return "“" + arg + "” is not expected here"
	case "value_missing":
		return "a value is missing"
	case "name_missing":
		return "a name is missing"
	case "equals_missing":
		return "“=” is missing"
	case "parenthesis_missing":
		return "a parenthesis is missing"
	case "unclosed_string":
		return "a quotation mark is not closed"
	case "bad_number":
		return "a number is malformed"
	case "nul":
		return "it has a NUL character"
	case "not_utf8":
		return "it is not UTF-8"
	case "no_value":
		return "it has the words <no value>"
	case "value_in_tag":
		return "a value cannot stand inside an HTML tag"
	case "value_without_quotes":
		return "put the value of the attribute in quotation marks"
	case "value_in_script":
		return "a value cannot stand in a script or style"
	case "value_in_declaration":
		return "a value cannot stand in a declaration"
	case "value_as_scheme":
		return "a value cannot decide the kind of a link"
	case "wrong_host":
		return "it is for another host"
	case "expired":
		return "it has expired, or the clock of this computer is wrong"
	case "not_yet_valid":
		return "it is not valid yet, or the clock of this computer is wrong"
	case "pin":
		return "it is not the one that was accepted with --pin"
	case "command_unreadable":
		return "the quotation marks of the command do not match"
	case "command_slow":
		return "the command took longer than half a minute"
	case "command_missing":
		return "there is no program “" + arg + "”"
	case "command_failed":
		return "the command failed: " + arg
	case "command_empty":
		return "the command printed nothing"
	case "command_unusable":
		return "what the command printed is no token"
	case "endpoint_refused":
		return "the provider says “" + arg + "”"
	case "endpoint_unusable":
		return "the answer of the token address is no token"
	case "unknown_authority":
		return "nobody this computer trusts has signed it"
	case "invalid":
		return "it is malformed"
	case "address_missing":
		return "without address"
	case "address_invalid":
		return "invalid"
	case "denylist":
		return "denylist"
	case "quarantine":
		return "quarantine"
	case "duplicate":
		return "duplicates"
	case "other":
		return "other"
	case "item":
		return "{name} {n}"
	case "phrase":
		return "{n} {name}"
	}
	return detail
}
