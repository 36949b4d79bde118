package cwt

import (
	"encoding/json"
	"strconv"
)

// attributes: the map of claim 169 (specification 1.2.0 §3.1), by the names of its
// JSON form.
var attributes = map[string]string{
	"1": "id", "2": "version", "3": "language", "4": "fullName", "5": "firstName", "6": "middleName", "7": "lastName",
	"8": "dateOfBirth", "9": "gender", "10": "address", "11": "email", "12": "phone", "13": "nationality",
	"14": "maritalStatus", "15": "guardian", "16": "photo", "17": "photoFormat", "18": "bestQualityFingers",
	"19": "secondaryFullName", "20": "secondaryLanguage", "21": "locationCode", "22": "legalStatus",
	"23": "countryOfIssuance",
	"50": "rightThumb", "51": "rightPointerFinger", "52": "rightMiddleFinger", "53": "rightRingFinger",
	"54": "rightLittleFinger", "55": "leftThumb", "56": "leftPointerFinger", "57": "leftMiddleFinger",
	"58": "leftRingFinger", "59": "leftLittleFinger", "60": "rightIris", "61": "leftIris", "62": "face",
	"63": "rightPalm", "64": "leftPalm", "65": "voice",
}

// biometric: the map of one biometric sample.
var biometric = map[string]string{"0": "data", "1": "format", "2": "subFormat", "3": "issuer"}

// Media types of photoFormat (key 17), and of a sample whose format is an image
// (0), by its sub-format.
var (
	photoTypes = map[json.Number]string{"1": "image/jpeg", "2": "image/jp2", "3": "image/avif", "4": "image/webp"}
	imageTypes = map[json.Number]string{
		"0": "image/png", "1": "image/jpeg", "2": "image/jp2", "3": "image/avif", "4": "image/webp", "5": "image/tiff",
	}
)

// identity names the attributes of claim 169.
func identity(v any) (any, error) {
	m, err := renamed(v, attributes, "claim 169")
	if err != nil {
		return nil, err
	}
	if v, ok := m["photo"]; ok {
		data, isText := v.(string)
		if !isText {
			return nil, malformed("the portrait is no byte string", nil)
		}
		format, _ := m["photoFormat"].(json.Number)
		m["photo"] = image(map[string]any{"data": data}, photoTypes[format])
	}
	for number := 50; number <= 65; number++ {
		name := attributes[strconv.Itoa(number)]
		samples, ok := m[name].([]any)
		if !ok {
			continue // an attribute of another shape is handed on as it was signed
		}
		for i, v := range samples {
			if _, ok := v.(map[string]any); !ok {
				continue
			}
			sample, err := renamed(v, biometric, "a biometric sample")
			if err != nil {
				return nil, err
			}
			mediaType := ""
			if sample["format"] == any(json.Number("0")) {
				format, _ := sample["subFormat"].(json.Number)
				mediaType = imageTypes[format]
			}
			samples[i] = image(sample, mediaType)
		}
	}
	return m, nil
}

func image(m map[string]any, mediaType string) map[string]any {
	if mediaType != "" {
		m["mediaType"] = mediaType
	}
	return m
}

// health names the one member of hcert: "eu_dgc_v1" has the key 1.
func health(v any) (any, error) {
	return renamed(v, map[string]string{"1": "eu_dgc_v1"}, "claim -260")
}

// renamed gives the members of a map their names. A member that has one already
// must not stand beside the number that is called so.
func renamed(v any, names map[string]string, what string) (map[string]any, error) {
	m, ok := v.(map[string]any)
	if !ok {
		return nil, malformed(what+" is no map", nil)
	}
	out := make(map[string]any, len(m))
	for key, v := range m {
		if name, ok := names[key]; ok {
			key = name
		}
		if _, twice := out[key]; twice {
			return nil, malformed(what+" has a member as number and by its name", nil)
		}
		out[key] = v
	}
	return out, nil
}
