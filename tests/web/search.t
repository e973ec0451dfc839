#!/usr/bin/perl
# search.t - the search page in a browser: suggestions, keys, the way back, a phone, dark, no scripts. WEFT_PICTURES=DIR keeps
# pictures of what was seen.
use strict;
use warnings;
use lib 'tests/daemon', 'tests/web';
use Browser;
use Test::More;
use Weft;

my $b = Browser->start or plan skip_all => 'no chromedriver and chromium here (apt: chromium-driver)';
my ($enter, $down, $escape) = ("\x{E007}", "\x{E015}", "\x{E00C}");
my $dir = File::Temp->newdir;
system("$Weft::B/weft-indexer build -q -i $dir/index corpus/*.ndjson") == 0 or die "build\n";
my $d = Weft->start(program => "$Weft::B/weft-searchd", index => "$dir/index", http => ['127.0.0.1:0'], args => ['--workers', 1, '--site-name', 'Tidewell Post']);
my $at = 'http://' . ($d->http_addresses)[0];

sub seen { my ($browser, $name) = @_; $browser->picture("$ENV{WEFT_PICTURES}/$name.png") if $ENV{WEFT_PICTURES}; return }
# Whether anything is wider than the window.
my $overflows = 'return document.documentElement.scrollWidth > document.documentElement.clientWidth';

$b->go("$at/");
is($b->script('return document.title'), 'Tidewell Post', 'the page');
seen($b, 'start');

# A search, as typed; empty fields do not stand in the address.
$b->keys('#q', "mussels$enter");
Weft::wait_for(sub { $b->url =~ /q=mussels/ }, 'results');
is($b->url, "$at/?q=mussels", 'an address to keep');
ok($b->count('.hit') >= 2, 'hits');
is($b->script('return document.querySelector(".hit mark").textContent'), 'mussels', 'marked');
seen($b, 'results');
ok(!$b->script($overflows), 'nothing sticks out');

# A hit in its conversation, and the way back.
$b->click('.hit .links a');
Weft::wait_for(sub { $b->url =~ m{/thread/} }, 'the thread');
is($b->script('return document.activeElement.id'), 'at', 'the hit is where one looks');
ok($b->script('const r = document.getElementById("at").getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight'), 'and is seen');
seen($b, 'thread');
$b->back;
Weft::wait_for(sub { $b->url eq "$at/?q=mussels" }, 'the way back');
is($b->script('return document.getElementById("q").value'), 'mussels', 'the question is still there');

# Keys.
$b->keys('body', 'j');
is($b->script('return [...document.querySelectorAll(".hit")].indexOf(document.activeElement)'), 0, 'j goes to the first hit');
$b->keys('body', 'j');
is($b->script('return [...document.querySelectorAll(".hit")].indexOf(document.activeElement)'), 1, 'to the next');
$b->keys('body', 'k');
is($b->script('return [...document.querySelectorAll(".hit")].indexOf(document.activeElement)'), 0, 'k back');
$b->keys('body', '/');
is($b->script('return document.activeElement.id'), 'q', 'the slash goes to the box');

# Suggestions.
$b->go("$at/");
$b->keys('#q', 'harb');
Weft::wait_for(sub { $b->script('return !document.getElementById("suggestions").hidden') }, 'suggestions');
like($b->text('#suggestions'), qr/harbour/, 'a word');
is($b->script('return document.getElementById("q").getAttribute("aria-expanded")'), 'true', 'and it is said');
seen($b, 'suggestions');
$b->keys('#q', $escape);
ok($b->script('return document.getElementById("suggestions").hidden'), 'escape closes them');
$b->keys('#q', 'o');
Weft::wait_for(sub { $b->script('return !document.getElementById("suggestions").hidden') }, 'suggestions again');
$b->keys('#q', "$down$enter");
Weft::wait_for(sub { $b->url =~ m{q=|/thread/} }, 'the chosen one');
pass('one can be chosen by keys');

# Facets narrow; the choices ask at once.
$b->go("$at/?q=mussels");
ok($b->count('.facets a') > 0, 'facets');
my $narrow = $b->script('return document.querySelector(".facets a").textContent');
$b->click('.facets a');
Weft::wait_for(sub { $b->url =~ /author/ }, 'the narrowed search');
is($b->script('return [...new Set([...document.querySelectorAll(".hit .found .author")].map(e => e.textContent))].join()'), $narrow, 'hits of that author');
$b->script('const s = document.querySelector("select[name=sort]"); s.value = "newest"; s.dispatchEvent(new Event("change"))');
Weft::wait_for(sub { $b->url =~ /sort=newest/ }, 'another order');
pass('a choice asks at once');
is_deeply($b->complaints, [], 'the browser had nothing to complain of');
undef $b;

# A phone, in the dark.
my $phone = Browser->start(width => 500, height => 900, dark => 1);
$phone->go("$at/?q=mussels&group=thread");
ok(!$phone->script($overflows), 'a narrow window');
is($phone->script('return matchMedia("(prefers-color-scheme: dark)").matches'), JSON::PP::true, 'in the dark');
ok($phone->script('const c = getComputedStyle(document.body).backgroundColor.match(/\d+/g); return c[0] < 60'), 'is dark');
seen($phone, 'phone');
$phone->go("$at/thread/comment:dredging-10");
ok(!$phone->script($overflows), 'a deep thread in it');
seen($phone, 'phone-thread');
undef $phone;

# Without scripts.
my $plain = Browser->start(no_scripts => 1);
$plain->go("$at/?q=mussels");
ok($plain->count('.hit') >= 2, 'hits without scripts');
$plain->click('.hit .links a');
like($plain->url, qr{/thread/}, 'a thread without scripts');
is($plain->count('#at'), 1, 'with the hit in its place');
undef $plain;

is($d->stop, 0, 'it ends well');
done_testing;
