package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"
)

// decode reads data into d. Unlike encoding/json alone it refuses a key given
// twice, a key written in another case, and bytes behind the object; and it
// names where a mistake is.
func decode(data []byte, d *document) error {
	if !utf8.Valid(data) {
		return errors.New("the file is not UTF-8 text: save it as UTF-8")
	}
	w := walker{d: json.NewDecoder(bytes.NewReader(data))}
	w.d.UseNumber()
	if err := w.value("", reflect.TypeFor[document]()); err != nil {
		return locate(data, err)
	}
	if _, err := w.d.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("something follows the closing brace %s: remove it", line(data, w.d.InputOffset()))
	}
	if len(w.problems) > 0 {
		return errors.Join(w.problems...)
	}
	if err := json.Unmarshal(data, d); err != nil {
		return locate(data, err)
	}
	return nil
}

// walker goes through the tokens beside the type they will be decoded into.
type walker struct {
	d        *json.Decoder
	problems []error
}

// value reads one value that stands at path. t is nil where anything may stand:
// an inline policy is read by those who know it.
func (w *walker) value(path string, t reflect.Type) error {
	token, err := w.d.Token()
	if err != nil {
		return err
	}
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch token {
	case json.Delim('{'):
		return w.object(path, t)
	case json.Delim('['):
		var element reflect.Type
		if t != nil && t.Kind() == reflect.Slice && t != reflect.TypeFor[json.RawMessage]() {
			element = t.Elem()
		}
		for i := 0; w.d.More(); i++ {
			if err := w.value(fmt.Sprintf("%s[%d]", path, i), element); err != nil {
				return err
			}
		}
		_, err = w.d.Token()
		return err
	case nil:
		w.problems = append(w.problems, fmt.Errorf("%s is null: leave the key out instead", name(path)))
	}
	return nil
}

func (w *walker) object(path string, t reflect.Type) error {
	known := map[string]reflect.Type{}
	if t != nil && t.Kind() == reflect.Struct {
		for i := range t.NumField() {
			f := t.Field(i)
			known[f.Tag.Get("json")] = f.Type
		}
	}
	seen := map[string]bool{}
	for w.d.More() {
		token, err := w.d.Token()
		if err != nil {
			return err
		}
		key, _ := token.(string)
		at := key
		if path != "" {
			at = path + "." + key
		}
		if seen[key] {
			w.problems = append(w.problems, fmt.Errorf("%s is given twice: remove one", at))
		}
		seen[key] = true
		member, ok := known[key]
		if t != nil && t.Kind() == reflect.Struct && !ok {
			w.problems = append(w.problems, unknownKey(at, key, known))
		}
		if err := w.value(at, member); err != nil {
			return err
		}
	}
	_, err := w.d.Token()
	return err
}

// unknownKey says what is allowed instead.
func unknownKey(at, key string, known map[string]reflect.Type) error {
	if key == "bearer" {
		return fmt.Errorf("%s is no key: a kiosk always asks for proof of possession, because it would take a photograph of a code for the code; remove it", at)
	}
	names := make([]string, 0, len(known))
	for k := range known {
		names = append(names, k)
	}
	slices.Sort(names)
	return fmt.Errorf("%s is no key: allowed here are %s", at, strings.Join(names, ", "))
}

func name(path string) string {
	if path == "" {
		return "the file"
	}
	return path
}

// locate adds where in the file a decoding error is.
func locate(data []byte, err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("no JSON %s: %w", line(data, syntax.Offset), err)
	case errors.As(err, &kind):
		return fmt.Errorf("%s is a JSON %s, want %s (%s)", name(kind.Field), kind.Value, article(kind.Type), line(data, kind.Offset))
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the file ends in the middle: it may have been cut off when it was copied")
	}
	return err
}

func article(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Int:
		return "a whole number"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice:
		return "an array"
	default:
		return "an object"
	}
}

func line(data []byte, offset int64) string {
	offset = min(max(offset, 0), int64(len(data)))
	return fmt.Sprintf("in line %d", 1+bytes.Count(data[:offset], []byte("\n")))
}
