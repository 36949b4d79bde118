package demo

import (
	"context"
	"testing"
)

func TestEverySceneComesOutAsItMust(t *testing.T) {
	var scenes int
	ok, err := Run(context.Background(), Options{Once: true, Scene: func(r Report) {
		scenes++
		t.Logf("%+v", r)
		if !r.OK {
			t.Errorf("scene %s: %s %v", r.Scene, r.Outcome, r.Reasons)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	if !ok || scenes != len(Scenes()) {
		t.Errorf("ok is %v after %d scenes of %d", ok, scenes, len(Scenes()))
	}
}
