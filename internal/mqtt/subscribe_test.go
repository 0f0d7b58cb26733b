package mqtt

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/mqscript/mqscript/internal/mqtttest"
	"github.com/mqscript/mqscript/internal/packet"
)

// asked is the answer to a request, once it is there.
func asked(ask func(done func([]packet.ReasonCode, error))) <-chan answer {
	ch := make(chan answer, 2)
	ask(func(codes []packet.ReasonCode, err error) { ch <- answer{codes, err} })
	return ch
}

func filters(subs []packet.Subscription) []string {
	var out []string
	for _, s := range subs {
		out = append(out, s.Filter)
	}
	return out
}

func TestSubscriptionsAreMadeAgainUnlessTheSessionIsThere(t *testing.T) {
	peer := mqtttest.NewPeer(t, packet.V5)
	j := new(journal)
	c := newClient(t, j, Config{URL: peer.URL, ReconnectPeriod: 1})
	props := noProps.AppendInt(packet.PropSubscriptionIdentifier, 7)
	subs := []packet.Subscription{
		{Filter: "kept", QoS: 1, NoLocal: true, RetainAsPublished: true, RetainHandling: 2},
		{Filter: "refused", QoS: 2},
		{Filter: "left"},
	}
	got := asked(func(done func([]packet.ReasonCode, error)) { c.SubscribeAsync(subs, props, done) })
	c.Start()
	conn, _ := peer.AcceptClient(nil)
	p := mqtttest.Expect[*packet.Subscribe](conn)
	if !slices.Equal(p.Subscriptions, subs) || string(p.Properties) != string(props) {
		t.Fatalf("got %+v", p)
	}
	codes := []packet.ReasonCode{1, packet.NotAuthorized, 0}
	conn.Send(&packet.Suback{ID: p.ID, ReasonCodes: codes})
	if a := <-got; a.err != nil || !slices.Equal(a.codes, codes) {
		t.Fatalf("answer: %v", a)
	}
	got = asked(func(done func([]packet.ReasonCode, error)) { c.UnsubscribeAsync([]string{"left"}, nil, done) })
	u := mqtttest.Expect[*packet.Unsubscribe](conn)
	conn.Send(&packet.Unsuback{ID: u.ID, ReasonCodes: []packet.ReasonCode{packet.NoSubscriptionExisted}})
	if a := <-got; a.err != nil || !slices.Equal(a.codes, []packet.ReasonCode{packet.NoSubscriptionExisted}) {
		t.Fatalf("answer: %v", a)
	}

	conn.Reset()
	conn, _ = peer.AcceptClient(&packet.Connack{SessionPresent: true})
	mustPublish(t, c, publication(0, "fence", "x"))
	mqtttest.Expect[*packet.Publish](conn) // and no SUBSCRIBE before it

	conn.Reset()
	conn, _ = peer.AcceptClient(nil)
	p = mqtttest.Expect[*packet.Subscribe](conn)
	if !slices.Equal(p.Subscriptions, subs[:1]) || string(p.Properties) != string(props) {
		t.Fatalf("subscribed again: %+v", p)
	}

	// Cut off before the answer: the server's session has nothing of it.
	conn.Reset()
	conn, _ = peer.AcceptClient(&packet.Connack{SessionPresent: true})
	p = mqtttest.Expect[*packet.Subscribe](conn)
	conn.Send(&packet.Suback{ID: p.ID, ReasonCodes: []packet.ReasonCode{packet.QuotaExceeded}})
	j.await(t, "error(ErrorWithReasonCode: subscribing again to kept: Quota exceeded", 1)
	conn.Reset()
	conn, _ = peer.AcceptClient(nil)
	mustPublish(t, c, publication(0, "fence", "x"))
	mqtttest.Expect[*packet.Publish](conn) // refused: not subscribed again
}

func TestRequestsWithoutAnswerAreMadeAgain(t *testing.T) {
	peer, conn, c, _ := meet(t, Config{}, nil)
	sub := asked(func(done func([]packet.ReasonCode, error)) {
		c.SubscribeAsync([]packet.Subscription{{Filter: "a"}}, nil, done)
	})
	unsub := asked(func(done func([]packet.ReasonCode, error)) { c.UnsubscribeAsync([]string{"b"}, nil, done) })
	mqtttest.Expect[*packet.Subscribe](conn)
	mqtttest.Expect[*packet.Unsubscribe](conn)
	conn.Reset()
	conn, _ = peer.AcceptClient(&packet.Connack{SessionPresent: true})
	s, u := mqtttest.Expect[*packet.Subscribe](conn), mqtttest.Expect[*packet.Unsubscribe](conn)
	conn.Send(&packet.Suback{ID: s.ID, ReasonCodes: []packet.ReasonCode{0}}, &packet.Unsuback{ID: u.ID, ReasonCodes: []packet.ReasonCode{0}})
	for _, ch := range []<-chan answer{sub, unsub} {
		if a := <-ch; a.err != nil || len(a.codes) != 1 {
			t.Errorf("answer: %v", a)
		}
	}
}

func TestRequestsKeepTheirPlaceAmongPublications(t *testing.T) {
	peer := mqtttest.NewPeer(t, packet.V5)
	c := newClient(t, new(journal), Config{URL: peer.URL})
	mustPublish(t, c, publication(0, "before", "x"))
	c.SubscribeAsync([]packet.Subscription{{Filter: "a"}}, nil, nil)
	mustPublish(t, c, publication(0, "after", "x"))
	c.Start()
	conn, _ := peer.AcceptClient(nil)
	if p := mqtttest.Expect[*packet.Publish](conn); p.Topic != "before" {
		t.Errorf("got %q first", p.Topic)
	}
	mqtttest.Expect[*packet.Subscribe](conn)
	if p := mqtttest.Expect[*packet.Publish](conn); p.Topic != "after" {
		t.Errorf("got %q last", p.Topic)
	}
}

func TestUnsubscribingWhileAwayHoldsAfterTheReconnect(t *testing.T) {
	peer, conn, c, j := meet(t, Config{}, nil)
	c.SubscribeAsync([]packet.Subscription{{Filter: "a"}}, nil, nil)
	p := mqtttest.Expect[*packet.Subscribe](conn)
	conn.Send(&packet.Suback{ID: p.ID, ReasonCodes: []packet.ReasonCode{0}})
	settled(t, conn, j)
	peer.Close()
	conn.Reset()
	j.await(t, "close", 1)
	c.UnsubscribeAsync([]string{"a"}, nil, nil)
	peer.Listen(peer.Addr)
	conn, _ = peer.AcceptClient(nil)
	mqtttest.Expect[*packet.Unsubscribe](conn)
	mustPublish(t, c, publication(0, "fence", "x"))
	mqtttest.Expect[*packet.Publish](conn)
}

func TestManySubscriptionsAreMadeAgainInSeveralPackets(t *testing.T) {
	var s subscriptions
	var want []string
	for i := range 150 {
		f := fmt.Sprintf("filter/%03d", i)
		want = append(want, f)
		s.granted(&packet.Subscribe{Subscriptions: []packet.Subscription{{Filter: f}}}, []packet.ReasonCode{0})
	}
	s.granted(&packet.Subscribe{
		Subscriptions: []packet.Subscription{{Filter: "other"}},
		Properties:    noProps.AppendInt(packet.PropSubscriptionIdentifier, 1),
	}, []packet.ReasonCode{0})
	if got := s.missing(); len(got) != 0 {
		t.Fatalf("%d packets though the server knows all", len(got))
	}
	s.connected(false)
	got := s.missing()
	var all []string
	for _, p := range got {
		if len(p.Subscriptions) > resubscribeFilters {
			t.Errorf("%d filters in one packet", len(p.Subscriptions))
		}
		all = append(all, filters(p.Subscriptions)...)
	}
	if !slices.Equal(all, append(want, "other")) || len(got) != 4 || got[3].Properties == nil {
		t.Errorf("%d packets: %v", len(got), all)
	}
}

func TestInvalidRequestsAreRefused(t *testing.T) {
	c, _ := offline(t, Config{Version: packet.V5})
	for name, subs := range map[string][]packet.Subscription{
		"nothing":           {},
		"bad filter":        {{Filter: "a/#/b"}},
		"QoS 3":             {{Filter: "a", QoS: 3}},
		"retain handling 3": {{Filter: "a", RetainHandling: 3}},
		"shared, no local":  {{Filter: "$share/g/a", NoLocal: true}},
	} {
		if _, err := c.Subscribe(context.Background(), subs, nil); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	if _, err := c.Subscribe(context.Background(), []packet.Subscription{{Filter: "a"}}, noProps.AppendInt(packet.PropReceiveMaximum, 1)); err == nil {
		t.Error("a property that does not belong there was taken")
	}
	for _, list := range [][]string{nil, {"a", "b/#/c"}} {
		if _, err := c.Unsubscribe(context.Background(), list, nil); err == nil {
			t.Errorf("unsubscribing from %q was taken", list)
		}
	}
}

func TestSubscribeEndsWithItsContext(t *testing.T) {
	c, _ := offline(t, Config{})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := c.Subscribe(ctx, []packet.Subscription{{Filter: "a"}}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestRequestsAreBounded(t *testing.T) {
	c, _ := offline(t, Config{})
	failed := 0
	for range requestLimit {
		c.SubscribeAsync([]packet.Subscription{{Filter: "a"}}, nil, func(_ []packet.ReasonCode, err error) {
			if errors.Is(err, ErrEnded) {
				failed++
			}
		})
	}
	var full *QueueFullError
	if _, err := c.Subscribe(context.Background(), []packet.Subscription{{Filter: "a"}}, nil); !errors.As(err, &full) || full.Limit != requestLimit {
		t.Errorf("one too many: %v", err)
	}
	endNow(c)
	if failed != requestLimit {
		t.Errorf("%d requests were told of the end, want %d", failed, requestLimit)
	}
}

func TestSubscribeLimitsOfTheServer(t *testing.T) {
	limits := noProps.AppendInt(packet.PropWildcardSubscriptionAvailable, 0).AppendInt(packet.PropSharedSubscriptionAvailable, 0).
		AppendInt(packet.PropSubscriptionIdentifierAvailable, 0).AppendInt(packet.PropMaximumPacketSize, 60)
	_, conn, c, _ := meet(t, Config{}, connackWith(limits))
	for _, tt := range []struct {
		filter string
		props  packet.Properties
		want   packet.ReasonCode
	}{
		{"a/+", nil, packet.WildcardSubscriptionsNotSupported},
		{"$share/g/a", nil, packet.SharedSubscriptionsNotSupported},
		{"a", noProps.AppendInt(packet.PropSubscriptionIdentifier, 1), packet.SubscriptionIdentifiersNotSupported},
		{"a23456789012345678901234567890123456789012345678901234567890", nil, packet.PacketTooLarge},
	} {
		var e *Error
		if _, err := c.Subscribe(within(t), []packet.Subscription{{Filter: tt.filter}}, tt.props); !errors.As(err, &e) || e.Reason != tt.want {
			t.Errorf("%s: %v, want %v", tt.filter, err, tt.want)
		}
	}
	c.SubscribeAsync([]packet.Subscription{{Filter: "a"}}, nil, nil)
	mqtttest.Expect[*packet.Subscribe](conn)
}

func TestAnswerOfTheWrongLengthIsAViolation(t *testing.T) {
	_, conn, c, _ := meet(t, Config{}, nil)
	c.SubscribeAsync([]packet.Subscription{{Filter: "a"}}, nil, nil)
	p := mqtttest.Expect[*packet.Subscribe](conn)
	conn.Send(&packet.Suback{ID: p.ID, ReasonCodes: []packet.ReasonCode{0, 0}})
	if d := mqtttest.Expect[*packet.Disconnect](conn); d.ReasonCode != packet.ProtocolError {
		t.Errorf("DISCONNECT with %v", d.ReasonCode)
	}
}
