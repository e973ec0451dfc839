#!/usr/bin/perl
# json.t - the `json` reader: documents, lines, what is broken in them, and the mapping language, on made-up exports.
use strict;
use warnings;
use utf8;
use lib 'tests/cli';
use JSON::PP ();
use Test::More;
use Records;
binmode(Test::More->builder->$_, ':utf8') for qw(output failure_output todo_output);

my $flat = <<'END';
{"name": "guestbook", "records": "entries[]",
 "comment": {"id": "nr", "article": {"const": "book"}, "parent": "re", "author": "who", "date": "when", "body": "text"}}
END
my $by_line = <<'END';
{"comment": {"id": "nr", "article": "page", "parent": "re", "body": "text"}}
END
my $tree = <<'END';
{"records": ["replies[]"],
 "article": {"id": "id", "title": "title"}, "comment": {"id": "id", "author": "by.name", "body": "text"}}
END

# The bytes of $json read by a mapping.
sub mapped {
    my ($mapping, $json, @options) = @_;
    return converted(\$json, '--format', 'json', '--mapping', Records::file_of($mapping, 'map.json'), @options);
}
sub line { return JSON::PP->new->canonical->utf8->encode($_[0]) . "\n" }

# ---- documents and lines ----
my $entry = sub { return {nr => $_[0], text => "text $_[0]", @_[1 .. $#_]} };
my $run = mapped($flat, line({site => 'x', entries => [$entry->(1), $entry->(2, re => 1), $entry->('3', re => 2)], more => [1]}));
is_deeply(tree($run), ['book: 1(2(3))'], 'one document, flat with parents');
is($run->{status}, 0, '... all read');
is(record($run, '3')->{body}, 'text 3', '... with its fields');
$run = mapped($flat, line([map { {entries => [$entry->($_)]} } 1 .. 3]));
is_deeply(tree($run), ['book: 1 2 3'], 'an array of documents');
$run = mapped($flat, join('', map { line({entries => [$entry->($_)]}) } 1 .. 2) . "\n \r\n" . '{"entries":[{"nr":3}]}{"entries":[{"nr":4}]}');
is_deeply(tree($run), ['book: 1 2 3 4'], 'documents one after the other, also on one line');
$run = mapped($by_line, join('', map { qq({"nr":$_,"page":"p","text":"x"}\r\n) } 1 .. 3));
is_deeply(tree($run), ['p: 1 2 3'], 'JSON lines with CR LF');
$run = mapped($by_line, "\xEF\xBB\xBF" . qq(  {"nr":1,"page":"p"}\n\t{"nr":2,"page":"p"}));
is_deeply(tree($run), ['p: 1 2'], 'a byte order mark, blanks, no last line end');

# ---- nested, with what is above known late ----
my $late = '{"replies": [{"replies": [{"replies": [], "id": 3, "text": "c"}], "id": 2, "by": {"name": "B"}, "text": "b"},
                         {"id": 4, "replies": ""}], "title": "T", "id": "a"}';
$run = mapped($tree, $late);
is_deeply(tree($run), ['a: 2(3) 4'], 'nested replies before the ids of what they answer');
is($run->{records}[0]{title}, 'T', '... the article first');
is(record($run, '2')->{author}, 'B', '... a path into an object');

# ---- what is broken ----
$run = mapped($by_line, qq({"nr":1,"page":"p"}\n{"nr":2,"page":"p","text":"cut o\n{"nr":3,"page":"p"}\n{"nr":4,"page":\n{"nr":5,"page":"p"}\n{"nr":6 "page":"p"}\n{"nr":7,"page":"p"}\n));
is_deeply(tree($run), ['p: 1 3 5 7'], 'broken lines of JSON lines cost themselves only');
is($run->{status}, 1, '... some are refused');
like($run->{err}, qr/^\S+ FILE:2: not JSON: .* at byte \d+$/m, '... a text that breaks off');
like($run->{err}, qr/^\S+ FILE:4: not JSON: ends too early at byte 16$/m, '... an object that breaks off');
like($run->{err}, qr/^\S+ FILE:6: not JSON: .* at byte (?:9|1\d)$/m, '... a comma that is missing');
$run = mapped($flat, qq({"entries": [\n{"nr": 1},\n{"nr": 2, "text": tru}, {"nr": 3}]}\n));
is_deeply(tree($run), ['book: 1'], 'in a document, what stands before the fault is read');
like($run->{err}, qr/FILE:3: not JSON: .* at byte \d+ of the line: nothing is read beyond it/, '... line and byte are named');
is($run->{status}, 1, '... and it is no success');
$run = mapped($flat, '{"entries": [{"nr": 1}, {"nr": 2');
is_deeply(tree($run), ['book: 1'], 'a document that breaks off');
like($run->{err}, qr/FILE:1: not JSON: ends too early/, '... is said to');
$run = mapped($tree, '{"id": "a", "title": "T", "replies": [{"id": 1, "replies": [{"id": 2}, {"id": 3}], "text": "x"}, {"id": 4, "replies": [{"id": 5}');
is_deeply([map { "$_->{article} $_->{id} " . ($_->{parent} // '-') } @{$run->{records}}], ['a 1 -', 'a 2 1', 'a 3 1', 'a 5 4'],
    'of a nested one the whole records are kept, and where they stood');
$run = mapped($by_line, qq({"nr":1,"page":"p"}\n[1, "x", {"nr":2,"page":"p"}]\n7\n{"nr":3,"page":"p"}\n));
is_deeply(tree($run), ['p: 1 2 3'], 'values that are no objects');
is(scalar(() = $run->{err} =~ /FILE:\d+: not a JSON object/g), 3, '... are refused each');

my $deep = sub { my ($n) = @_; return '{"nr":1,"page":"p","text":"x","deep":' . '[' x $n . ']' x $n . '}' };
is(scalar @{mapped($by_line, $deep->(2047))->{records}}, 1, 'nested 2,048 deep');
like(mapped($by_line, $deep->(2048))->{err}, qr/JSON nested over 2048 deep/, '... and no deeper');
my $levels = sub { my ($n) = @_; return join('', map { qq({"id":$_,"text":"x","replies":[) } 0 .. $n - 1) . ']}' x $n };
is(figures(mapped($tree, $levels->(1024)))->{depth}, 1023, 'a thread as deep as that');
like(mapped($tree, $levels->(1025))->{err}, qr/nested over 2048 deep/, '... and one deeper');
my $mib = 1024 * 1024;
$run = mapped($by_line, qq({"nr":1,"page":"p"}\n{"nr":2,"page":"p","text":") . 'x' x (17 * $mib) . qq("}\n{"nr":3,"page":"p"}\n));
is_deeply(tree($run), ['p: 1 3'], 'a text over 16 MiB');
like($run->{err}, qr/FILE:2: a text over 16777216 bytes/, '... is refused');
$run = mapped($flat, '{"entries":[{"nr":1,' . '"text":"x",' x 400000 . '"re":1},{"nr":2}]}');
is_deeply(tree($run), ['book: 2'], 'a record over 16 MiB in many pieces');
like($run->{err}, qr/FILE:1: record over 16777216 bytes/, '... is refused');

# ---- texts and numbers ----
$run = mapped($by_line, <<'END');
{"nr":1,"page":"p","text":"a\u0000b\u0007c"}
{"nr":"x\u0000","page":"p"}
{"nr":3,"page":"p","text":"\ud83d\ude00 \ud83d \ude00 \ud83dx"}
{"nr":12345678901234567890123,"page":"p","text":"huge"}
{"nr":5.5,"page":"p"}
{"nr":1e3,"page":"p"}
{"nr":null,"page":"p"}
{"nr":8,"page":"p","nr":9}
{"nr":10,"page":"p","other":1,"other":2}
{"nr":11,"page":"p","text":["no","text"],"re":{}}
END
is(record($run, '1')->{body}, 'a b c', 'control characters become blanks');
like(record($run, '3')->{body}, qr/^😀 \S+ \S+ \S*x$/, 'half surrogates become something');
is(record($run, '12345678901234567890123')->{body}, 'huge', 'a huge number is an id, digit for digit');
like($run->{err}, qr/FILE:2: .*control character in id/, 'a NUL in an id');
like($run->{err}, qr/FILE:$_: an id that is no integer/, "a fraction as id, line $_") for 5, 6;
like($run->{err}, qr/FILE:7: no id/, 'no id');
like($run->{err}, qr/FILE:8: key given twice/, 'a key given twice');
ok(record($run, '10'), '... does not matter where nobody looks');
is(record($run, '11')->{body}, undef, 'an array is no text');
$run = mapped($by_line, qq({"nr":1,"page":"p","text":"caf\xE9 \xFF"}\n{"nr":2,"page":"p","text":"\xD0\xB6"}\n));
is(record($run, '1')->{body}, "caf\x{FFFD} \x{FFFD}", 'bytes that are no UTF-8');
is(record($run, '2')->{body}, 'ж', '... others are kept');
like($run->{err}, qr/1 records had bytes that are not UTF-8/, '... counted');

# ---- the mapping language ----
sub only { return mapped(@_)->{records}[0] }
my $with = sub { my ($comment, @more) = @_; return JSON::PP->new->utf8->encode({comment => {id => 'id', article => {const => 'a'}, parent => undef, %$comment}, @more}) };
my $value = sub {
    my ($spec, $object, @options) = @_;
    my $r = only($with->({author => $spec}), line({id => 1, %$object}), @options);
    return $r->{author};
};
is($value->('a.b.c', {a => {b => {c => 'deep'}}}), 'deep', 'a path');
is($value->('a[]', {a => ['first', 'second']}), 'first', '... into an array');
is($value->('a[].b', {a => [{b => 'x'}]}), 'x', '... and on');
is($value->(['none', 'empty', 'b'], {empty => '', b => 'B'}), 'B', 'alternatives: the first that is there');
is($value->('{a}-{b.c}', {a => 'x', b => {c => 2}}), 'x-2', 'a text of several');
is($value->(['{a}-{none}', 'a'], {a => 'x'}), 'x', '... all of which must be there');
is($value->({const => '{a}'}, {a => 'x'}), '{a}', 'a constant');
is($value->({path => 'a', strip => ['t1_', 't3_']}, {a => "t3_x"}), 'x', 'a beginning taken off');
is($value->({path => 'a', strip => 't1_'}, {a => 'x'}), 'x', '... or not there');
is($value->({path => 'a', prefix => 't1_'}, {a => 't1_x'}), 'x', 'a beginning that must be there');
is($value->({path => 'a', prefix => 't1_'}, {a => 't3_x'}), undef, '... or there is no value');
is($value->({path => 'a', nothing => ['none', '?']}, {a => '?'}), undef, 'texts that stand for nothing');
is($value->({path => 'a', entities => JSON::PP::true}, {a => '&lt;&amp;lt;&gt; &amp &x;'}), '<&lt;> &amp &x;', 'entities, once');
is($value->({path => 'a', climb => '_', top => 2}, {a => 'x_y_z_1'}), 'x_y_z', 'one part up');
is($value->({path => 'a', climb => '_', top => 2}, {a => 'x_y'}), undef, '... but from the top');
is($value->({path => 'a', when => {b => 1}}, {a => 'x', b => 1}), 'x', 'a condition on a number');
is($value->({path => 'a', when => {b => 1}}, {a => 'x', b => '1'}), undef, '... which a text is not');
is($value->({path => 'a', when => {b => ['p', undef]}}, {a => 'x', b => 'p'}), 'x', '... on one of several');
is($value->({path => 'a', when => {b => ['p', undef]}}, {a => 'x'}), 'x', '... one of them nothing');
is($value->({path => 'a', when => {b => '*'}}, {a => 'x', b => undef}), undef, '... on being there');
is($value->({path => 'a', when => {b => '*', c => JSON::PP::true}}, {a => 'x', b => {}, c => JSON::PP::true}), 'x', '... on two');
is($value->('@file', {}), 'in', 'the name of the file');
is($value->('@file', {}, '--id', 'x.y'), 'x.y', '... or --id');

my $date = sub { my ($as, $v, @options) = @_; return only($with->({date => {path => 'd', as => $as}}), line({id => 1, d => $v}), @options)->{date} };
is($date->('date', '2013-05-03T09:16:00+02:00'), '2013-05-03T07:16:00Z', 'a date');
is($date->('date', '2013-05-03 09:16', '--tz', 'Europe/Berlin'), '2013-05-03T07:16:00Z', '... in the zone of --tz');
is($date->('date', 1367565360), undef, '... and no number: nothing is guessed');
is($date->('seconds', 1367565360), '2013-05-03T07:16:00Z', 'seconds');
is($date->('seconds', '1367565360'), '2013-05-03T07:16:00Z', '... as a text');
is($date->('seconds', JSON::PP->new->decode('[1367565360.75]')->[0]), '2013-05-03T07:16:00Z', '... with a fraction');
is($date->('milliseconds', 1367565360999), '2013-05-03T07:16:00Z', 'milliseconds');
is($date->('milliseconds', -1), '1969-12-31T23:59:59Z', '... before 1970');
is($date->('ago', '2 hours ago', '--as-of', '2013-05-03T09:16:00Z'), '2013-05-03T07:16:00Z', 'so long ago');
is($date->('ago', '2 hours ago'), undef, '... unknown without --as-of');
like(mapped($with->({date => {path => 'd', as => 'ago'}}), line({id => 1, d => '2 hours ago'}))->{err}, qr/1 dates were not understood/, '... and counted');
like(mapped($with->({date => {path => 'd', as => 'seconds'}}), line({id => 1, d => 1367565360000}))->{err}, qr/FILE:1: 1: date outside the years/, 'milliseconds taken for seconds');
is(only($with->({score => 's'}), line({id => 1, s => -3}))->{score}, -3, 'a score');
is(only($with->({score => 's'}), line({id => 1, s => '7'}))->{score}, 7, '... as a text');
is_deeply(only('{"article": {"id": "id", "tags": "t"}}', line({id => 1, t => ['a', 2, undef, {}]}))->{tags}, ['a', '2'], 'tags');
is_deeply(only('{"article": {"id": "id", "tags": "t"}}', line({id => 1, t => 'one'}))->{tags}, ['one'], '... or one');

my $status = $with->({body => 'b', author => 'w', status => [map { {when => {s => $_}, is => $_} } qw(deleted hidden pending spam trash draft private)]});
for my $is (qw(deleted hidden pending spam trash draft private)) {
    my $r = only($status, line({id => 1, b => 'secret', w => 'Ann', s => $is}));
    ok(!defined $r->{body} && !defined $r->{author} && ($r->{deleted} || ($r->{status} // '') =~ /^(?:hidden|pending)$/), "$is: a place without its text");
}
is(only($status, line({id => 1, b => 'open', s => 'approved'}))->{body}, 'open', 'any other status is public');
$run = mapped($with->({}, skip => [{when => {kind => 'more'}, reason => 'stubs'}]), line({kind => 'more'}) . line({id => 1}));
is_deeply([scalar @{$run->{records}}, $run->{status}], [1, 0], 'what is skipped is neither record nor refused');

my $people = <<'END';
{"records": "comments[]", "tables": {"people": {"records": "people[]", "key": "id"}},
 "comment": {"id": "id", "article": {"const": "a"}, "parent": null, "author": {"path": "by", "in": "people", "take": "name"}}}
END
for my $order (['comments', 'people'], ['people', 'comments']) {
    my %part = (comments => '"comments": [{"id": 1, "by": 7}, {"id": 2, "by": "8"}, {"id": 3, "by": 9}, {"id": 4}]', people => '"people": [{"id": 7, "name": "Ann"}, {"name": "?"}, {"id": "8", "name": "Bob"}]');
    $run = mapped($people, '{' . join(', ', @part{@$order}) . '}');
    is_deeply([map { record($run, $_)->{author} } 1 .. 4], ['Ann', 'Bob', undef, undef], "a table, @$order");
}
my $rooted = '{"article": {"when": {"t": "*"}, "id": "id", "title": "t"}, "comment": {"id": "id", "article": "@root", "parent": "p"}}';
my %object = map { $_->{id} => $_ } {id => 'a', t => 'T'}, {id => 'b', p => 'a'}, {id => 'c', p => 'b'}, {id => 'd', p => 'c'}, {id => 'e', p => 'a'},
    {id => 'f', p => 'gone'}, {id => 'g', p => 'f'}, {id => 'h', p => 'i'}, {id => 'i', p => 'h'}, {id => 'j', p => 'j'};
for my $order ('abcdefghij', 'jihgfedcba', 'dgbhafejci') {
    $run = mapped($rooted, join('', map { line($object{$_}) } split //, $order));
    my %under = map { $_->{id} => $_->{article} } grep { $_->{type} eq 'comment' } @{$run->{records}};
    ok($under{h} eq $under{i} && $under{h} =~ /^[hi]$/, "found by its parents, in the order $order: a ring is opened somewhere");
    delete @under{'h', 'i'};
    is_deeply(\%under, {b => 'a', c => 'a', d => 'a', e => 'a', f => 'gone', g => 'gone', j => 'j'}, '... and the others have their roots');
}
$run = mapped('{"comment": {"id": "id", "article": "u", "parent": null}, "stub": {"id": "u", "url": "u", "title": "t"}}',
    join('', map { line({id => $_, u => 'http://x/' . $_ % 2, t => "T$_"}) } 1 .. 4));
is_deeply([map { "$_->{id} $_->{title}" } grep { $_->{type} eq 'article' } @{$run->{records}}], ['http://x/1 T1', 'http://x/0 T2'], 'an article of what comments tell of it, once');
$run = mapped('{"records": "posts[]", "article": {"when": {"n": 1}, "id": "t", "title": "^title", "body": "b"}, "comment": {"id": "{t}-{n}", "article": "t", "parent": null}}',
    '{"posts": [{"t": 9, "n": 1, "b": "B"}, {"t": 9, "n": 2}], "title": "late"}');
is_deeply([map { [@$_{qw(id title body)}] } @{$run->{records}}], [['9-2', undef, undef], [9, 'late', 'B']], 'what is known only at the end of the record around it');

# ---- mappings of columns ----
my $mapping = Records::file_of('{"csv": true, "comment": {"id": "No.", "article": {"const": "guestbook"}, "author": "Naam", "parent": null, "date": {"path": "Sek", "as": "seconds"}, "body": "Tekst"}}', 'map.json');
$run = converted(\"No.,Naam,Sek,Tekst\n1,Anna,1367565360,Hoi\n", '--format', 'csv', '--mapping', $mapping);
is(record($run, 1)->{author}, 'Anna', 'a dot in the name of a column is no step');
$mapping = Records::file_of('{"csv": true, "comment": {"id": "Nr", "article": {"const": "guestbook"}, "author": "Naam", "parent": null, "date": {"path": "Sek", "as": "seconds"}, "body": "Tekst"}}', 'map.json');
$run = converted(\"Nr,Naam,Sek,Tekst\n1,Anna,1367565360,Hoi\n", '--format', 'csv', '--mapping', $mapping);
is_deeply($run->{records}, [{type => 'comment', id => '1', article => 'guestbook', author => 'Anna', date => '2013-05-03T07:16:00Z', body => 'Hoi'}], 'a mapping of the columns');


# ---- the examples of doc/mappings.md, as they stand there ----
my @blocks = do {
    open(my $fh, '<', 'doc/mappings.md') or die "doc/mappings.md: $!\n";
    local $/;
    my $text = <$fh>;
    grep { /^\s*\{/ } $text =~ /((?:^ {4}.*\n)+)/mg;
};
is(scalar @blocks, 4, 'two exports and their mappings');
$run = mapped($blocks[1], $blocks[0]);
is_deeply($run->{records}, [
    {type => 'article', id => '/ferry', url => 'https://harbour.example/ferry'},
    {type => 'comment', id => '1', article => '/ferry', parent => '0', author => 'Ann', date => '2013-05-03T07:16:00Z', body => 'Late again.'},
    {type => 'comment', id => '2', article => '/ferry', parent => '1', status => 'hidden'}], '... a flat one');
$run = mapped($blocks[3], $blocks[2]);
is_deeply($run->{records}, [
    {type => 'article', id => 'ferry', title => 'Ferry'},
    {type => 'comment', id => 'ferry-1', article => 'ferry', body => 'Late.'},
    {type => 'comment', id => 'ferry-2', article => 'ferry', parent => 'ferry-1', body => 'Always.'}], '... a nested one');

# ---- a mapping alone says what it is for ----
$run = converted(\line({entries => [$entry->(1)]}), '--mapping', Records::file_of($flat, 'map.json'));
is_deeply(tree($run), ['book: 1'], 'JSON by a mapping, without --format');
$run = converted(\"Nr,Tekst\n1,Hoi\n", '--mapping', Records::file_of('{"csv": true, "comment": {"id": "Nr", "article": {"const": "g"}, "body": "Tekst"}}', 'map.json'));
is_deeply(tree($run), ['g: 1'], '... and a table');

$run = converted(\line({type => 'article', id => 'book', title => 'T'}), '--mapping', Records::file_of($flat, 'map.json'));
is_deeply(tree($run), ['book'], '... but weft NDJSON is what it is');

# ---- mappings that are wrong: the file, the key and what is wrong ----
for my $row (
    ['{', qr/map\.json:1: column \d+: /],
    ['{"comment": {"id": "id"}, "comment": {}}', qr/map\.json:1: column \d+: duplicate object key/],
    ['[]', qr/map\.json: is no object/],
    ['{}', qr/map\.json: says of neither an article nor a comment how it is made/],
    ['{"comments": {}}', qr/map\.json: comments: is no key of a mapping/],
    ['{"comment": {}}', qr/map\.json: comment: has no id/],
    ['{"comment": {"id": 7}}', qr/map\.json: comment\.id: is no path/],
    ['{"comment": {"id": "a..b"}}', qr/map\.json: comment\.id: 'a\.\.b' is no path/],
    ['{"comment": {"id": ""}}', qr/map\.json: comment\.id: '' is no path/],
    ['{"comment": {"id": "[]"}}', qr/map\.json: comment\.id: '\[\]' is no path/],
    ['{"comment": {"id": "@nobody"}}', qr/map\.json: comment\.id: '\@nobody' is no name/],
    ['{"comment": {"id": "{a"}}', qr/map\.json: comment\.id: a '\{' without its '\}'/],
    ['{"comment": {"id": "id", "text": "b"}}', qr/map\.json: comment\.text: is no field of a record here/],
    ['{"article": {"id": "id", "parent": "b"}}', qr/map\.json: article\.parent: is no field of a record here/],
    ['{"comment": {"id": "id", "format": "bbcode"}}', qr/map\.json: comment\.format: is none of text, html, markdown/],
    ['{"comment": {"id": "id", "date": {"path": "d", "as": "ms"}}}', qr/map\.json: comment\.date\.as: is none of date, seconds, milliseconds, epoch, ago/],
    ['{"comment": {"id": "id", "date": {"as": "ago"}}}', qr/map\.json: comment\.date\.path: is no text/],
    ['{"comment": {"id": {"path": "i", "trim": 1}}}', qr/map\.json: comment\.id\.trim: is no key of a mapping/],
    ['{"comment": {"id": "id", "author": {"path": "a", "in": "people", "take": "n"}}}', qr/map\.json: comment\.author\.in: no table 'people'/],
    ['{"comment": {"id": "id", "status": [{"when": {"s": 1}, "is": "gone"}]}}', qr/map\.json: comment\.status\.is: is none of deleted, /],
    ['{"comment": {"id": "id", "status": [{"is": "spam"}]}}', qr/map\.json: comment\.status\.when: is no object of conditions/],
    ['{"comment": {"id": "id", "when": {"s": [1, {}]}}}', qr/map\.json: comment\.when\.s: compare with a text, an integer, true, false or null/],
    ['{"comment": {"id": {"path": "i", "climb": "__", "top": 1}}}', qr/map\.json: comment\.id\.climb: is not one character/],
    ['{"comment": {"id": {"path": "i", "climb": "_"}}}', qr/map\.json: comment\.id\.top: is no number of parts/],
    ['{"records": "a[", "comment": {"id": "id"}}', qr/map\.json: records: 'a\[' is no path/],
) {
    my ($mapping, $says) = @$row;
    $run = mapped($mapping, '{}');
    like("$run->{status} $run->{err}", qr/^2 .*$says/, "wrong: $mapping");
}
like(mapped($with->({}), '')->{err}, qr/is empty|no record could be read/, 'an empty file');
$run = converted(\'{}', '--format', 'json', '--mapping', '/nowhere/map.json');
like("$run->{status} $run->{err}", qr{^[2-4] .*/nowhere/map\.json}, 'no such mapping');
$run = converted(\'[{"what": "ever"}]');
like($run->{err}, qr/FILE: is JSON in no layout known: describe it with --mapping FILE/, 'an unknown layout without a mapping');

# ---- cut anywhere: no crash, and never a record that the whole does not have ----
for my $whole ($late, line({entries => [map { $entry->($_, text => "Zeile \"$_\" é\n😀") } 1 .. 3]}), qq({"nr":1,"page":"p","text":"\\u00e9\\ud83d\\ude00"}\n{"nr":2,"page":"p"}\n)) {
    my $mapping = $whole eq $late ? $tree : $whole =~ /entries/ ? $flat : $by_line;
    my %whole = map { JSON::PP->new->canonical->encode($_) => 1 } @{mapped($mapping, $whole)->{records}};
    my ($bad, $quiet) = (0, 0);
    for my $n (1 .. length($whole) - 1) {
        $run = mapped($mapping, substr($whole, 0, $n));
        my @new = grep { !$whole{JSON::PP->new->canonical->encode($_)} } @{$run->{records}};
        $bad++ if @new || $run->{status} > 2;
        $quiet++ if $run->{status} == 0 && @{$run->{records}} != keys %whole && $mapping ne $by_line;
    }
    is("$bad $quiet", '0 0', 'cut at every byte: ' . substr($whole, 0, 20));
}
done_testing();
