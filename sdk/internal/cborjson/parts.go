package cborjson

import "math"

// Bytes reads one byte string, untagged. What it gives is part of data, unless the
// string came in chunks.
func Bytes(data []byte) ([]byte, error) { return str(data, byteString) }

// Text reads one text string, untagged.
func Text(data []byte) (string, error) {
	s, err := str(data, textString)
	return string(s), err
}

func str(data []byte, major byte) ([]byte, error) {
	r, h, err := begin(data, major)
	if err != nil {
		return nil, err
	}
	return r.content(h)
}

// Unsigned reads one whole number that is not below zero, untagged.
func Unsigned(data []byte) (uint64, error) {
	_, h, err := begin(data, unsigned)
	return h.argument, err
}

// Int reads one whole number that fits 64 bits with a sign, untagged.
func Int(data []byte) (int64, error) {
	if err := Check(data); err != nil {
		return 0, err
	}
	r := reader{data: data}
	h, err := r.head()
	if err != nil || h.major > negative || h.argument > math.MaxInt64 {
		return 0, malformed("no whole number of 64 bits where one belongs", 0)
	}
	if h.major == negative {
		return -1 - int64(h.argument), nil
	}
	return int64(h.argument), nil
}

// Untag reads one tag and gives its content, encoded, as part of data. tagged is
// false, and content the whole, if data begins with something else.
func Untag(data []byte) (number uint64, content []byte, tagged bool, err error) {
	if err := Check(data); err != nil {
		return 0, nil, false, err
	}
	if data[0]>>5 != tag {
		return 0, data, false, nil
	}
	r := reader{data: data}
	h, err := r.head()
	return h.argument, data[r.at:], true, err
}

// Elements reads one array, untagged, and gives each element, encoded, as part of
// data.
func Elements(data []byte) ([][]byte, error) {
	r, h, err := begin(data, array)
	if err != nil {
		return nil, err
	}
	out := [][]byte{}
	return out, r.each(h, func() error {
		element, err := r.part()
		out = append(out, element)
		return err
	})
}

// Pairs reads one map, untagged, and hands on each key and value, encoded, as parts
// of data. No key comes twice.
func Pairs(data []byte, take func(key, value []byte) error) error {
	r, h, err := begin(data, mapping)
	if err != nil {
		return err
	}
	return r.each(h, func() error {
		key, err := r.part()
		if err != nil {
			return err
		}
		value, err := r.part()
		if err != nil {
			return err
		}
		return take(key, value)
	})
}

// Members is [Pairs] for those keys that are text, which is given as it reads. The
// others are left out.
func Members(data []byte, take func(name string, value []byte) error) error {
	return Pairs(data, func(key, value []byte) error {
		if key[0]>>5 != textString {
			return nil
		}
		name, err := Text(key)
		if err != nil {
			return err
		}
		return take(name, value)
	})
}

// begin checks data and reads its first head, which must be of one kind.
func begin(data []byte, major byte) (*reader, head, error) {
	if err := Check(data); err != nil {
		return nil, head{}, err
	}
	r := &reader{data: data}
	h, err := r.head()
	if err == nil && h.major != major {
		err = malformed("a data item of another kind than the one that belongs there", 0)
	}
	return r, h, err
}

// part is the next data item, encoded. Check has looked at it.
func (r *reader) part() ([]byte, error) {
	start := r.at
	if err := r.skip(); err != nil {
		return nil, err
	}
	return r.data[start:r.at:r.at], nil
}

func (r *reader) skip() error {
	h, err := r.head()
	if err != nil {
		return err
	}
	switch h.major {
	case byteString, textString:
		if h.indefinite {
			_, err = r.content(h)
			return err
		}
		r.at += int(h.argument)
	case array:
		return r.each(h, r.skip)
	case mapping:
		return r.each(h, func() error {
			if err := r.skip(); err != nil {
				return err
			}
			return r.skip()
		})
	case tag:
		return r.skip()
	}
	return nil
}
