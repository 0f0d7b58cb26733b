package packet

import (
	"strings"
	"unicode/utf8"
)

// sharePrefix begins the filter of a shared subscription.
const sharePrefix = "$share/"

// ValidTopicName checks that s can be the topic of a PUBLISH or of a will: at
// least one character [MQTT-4.7.3-1], no wildcards [MQTT-3.3.2-2], well-formed
// UTF-8 without U+0000 [MQTT-1.5.4-1], and at most 65,535 bytes [MQTT-4.7.3-3].
// The error is an *Error with the statement's number in MQTT 5.
func ValidTopicName(s string) error {
	if s == "" {
		return violation(V5, ruleEmptyTopic, "topic name is empty")
	}
	if len(s) > maxText {
		return malformed(V5, ruleTopicLength, "topic name has %d bytes, more than 65,535", len(s))
	}
	return checkName(s, "topic name", ruleWildcard, V5)
}

// ValidTopicFilter checks that s can be subscribed: at least one character, "#"
// only as the whole last level [MQTT-4.7.1-1], "+" only as a whole level
// [MQTT-4.7.1-2], well-formed UTF-8 without U+0000, at most 65,535 bytes, and
// after "$share/" a share name without wildcards and a filter
// [MQTT-4.8.2-1] [MQTT-4.8.2-2]. The error is an *Error with the statement's
// number in MQTT 5.
func ValidTopicFilter(s string) error {
	if len(s) > maxText {
		return malformed(V5, ruleTopicLength, "topic filter has %d bytes, more than 65,535", len(s))
	}
	if err := checkText(s, "topic filter", V5); err != nil {
		return err
	}
	return checkFilter(s, V5)
}

// checkText checks a UTF-8 encoded string. The control and non-characters that
// a sender should avoid are let through: refusing them is optional, and would
// cost the connection.
func checkText(s, what string, v Version) error {
	if !utf8.ValidString(s) {
		return malformed(v, ruleUTF8, "%s is not well-formed UTF-8", what)
	}
	if strings.IndexByte(s, 0) >= 0 {
		return malformed(v, ruleUTF8Null, "%s contains U+0000", what)
	}
	return nil
}

// checkName checks a topic name, which may be empty here; wildcard is the
// statement that forbids wildcards in it.
func checkName(s, what string, wildcard rule, v Version) error {
	if strings.IndexByte(s, '+') >= 0 || strings.IndexByte(s, '#') >= 0 {
		return violation(v, wildcard, "%s contains a wildcard", what)
	}
	return checkText(s, what, v)
}

// checkFilter checks a topic filter whose text is known to be valid. Shared
// subscriptions are a matter of MQTT 5; before it "$share" is a level like any
// other.
func checkFilter(s string, v Version) error {
	if s == "" {
		return violation(v, ruleEmptyTopic, "topic filter is empty")
	}
	if v == V5 && isShared(s) {
		group, filter, ok := strings.Cut(s[len(sharePrefix):], "/")
		switch {
		case group == "":
			return violation(v, ruleShareName, "shared subscription has an empty share name")
		case strings.ContainsAny(group, "+#"):
			return violation(v, ruleShareFilter, "share name contains a wildcard")
		case !ok || filter == "":
			return violation(v, ruleShareFilter, "shared subscription has no topic filter")
		}
		s = filter
	}
	return checkWildcards(s, v)
}

// checkWildcards checks that each wildcard is a level of its own and that none
// follows "#".
func checkWildcards(s string, v Version) error {
	for i := 0; i < len(s); i++ {
		last := i == len(s)-1
		alone := (i == 0 || s[i-1] == '/') && (last || s[i+1] == '/')
		switch {
		case s[i] == '#' && (!alone || !last):
			return violation(v, ruleMultiLevel, "topic filter has # elsewhere than as its last level")
		case s[i] == '+' && !alone:
			return violation(v, ruleSingleLevel, "topic filter has + as a part of a level")
		}
	}
	return nil
}

// isShared tells whether a filter is that of a shared subscription.
func isShared(filter string) bool { return strings.HasPrefix(filter, sharePrefix) }

// MatchTopic tells whether a message with that topic matches the filter; both
// must be valid. "+" stands for one level and "#" for any number of them, its
// parent included [MQTT-4.7.1-2]; a wildcard in front does not match a topic
// that begins with "$" [MQTT-4.7.2-1]. Of a shared subscription
// ("$share/name/filter") what follows the share name counts [MQTT-4.8.2-2].
func MatchTopic(filter, topic string) bool {
	if isShared(filter) {
		_, filter, _ = strings.Cut(filter[len(sharePrefix):], "/")
	}
	if filter == "" || topic == "" {
		return false
	}
	if topic[0] == '$' && (filter[0] == '+' || filter[0] == '#') {
		return false
	}
	for {
		if filter == "#" {
			return true
		}
		want, restFilter, moreFilter := strings.Cut(filter, "/")
		have, restTopic, moreTopic := strings.Cut(topic, "/")
		if want != "+" && want != have {
			return false
		}
		if !moreTopic {
			return !moreFilter || restFilter == "#"
		}
		if !moreFilter {
			return false
		}
		filter, topic = restFilter, restTopic
	}
}
