/* Lucene.java - Lucene on the records of the made archive: `make bench` runs it beside weft.
 *
 *     java Lucene build DIR TABLE    fill a new index from a table of records (print.h)
 *     java Lucene serve DIR          answer a line for each line of the standard input, as fts5.c does
 *
 * The index is what a site would make: title and body with positions and Porter's stemmer, stored; author, thread, parent and
 * date as terms, points and doc values.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.en.PorterStemFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexOrDocValuesQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.join.JoinUtil;
import org.apache.lucene.search.join.ScoreMode;
import org.apache.lucene.search.uhighlight.UnifiedHighlighter;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.BytesRef;

public class Lucene {
    static final int HITS = 10, REPLIES = 5, SHOWN = 240;
    static final char SEPARATOR = '\u001f';

    static final Analyzer ANALYZER = new Analyzer() {
        @Override
        protected TokenStreamComponents createComponents(String field) {
            Tokenizer words = new StandardTokenizer();
            return new TokenStreamComponents(words, new PorterStemFilter(new LowerCaseFilter(words)));
        }

        @Override
        public int getPositionIncrementGap(String field) {
            return 100; // no phrase from the title into the body
        }
    };

    final IndexWriter writer;
    DirectoryReader reader;
    IndexSearcher searcher;
    UnifiedHighlighter highlighter;

    Lucene(String dir) throws IOException {
        IndexWriterConfig settings = new IndexWriterConfig(ANALYZER).setRAMBufferSizeMB(256);
        writer = new IndexWriter(FSDirectory.open(Paths.get(dir)), settings);
    }

    static void addKey(Document d, String name, String value) {
        d.add(new StringField(name, value, Field.Store.YES));
        d.add(new SortedDocValuesField(name, new BytesRef(value)));
    }

    static Document document(String line) {
        String[] in = line.split("\t", -1); // type id thread parent author date title body
        Document d = new Document();
        long date = Long.parseLong(in[5]);
        d.add(new StringField("type", in[0], Field.Store.NO));
        addKey(d, "id", in[1]);
        addKey(d, "thread", in[2]);
        addKey(d, "parent", in[3]);
        d.add(new NumericDocValuesField("number", Long.parseLong(in[1])));
        d.add(new StringField("author", in[4], Field.Store.YES));
        d.add(new LongPoint("date", date));
        d.add(new NumericDocValuesField("date", date));
        d.add(new StoredField("date", date));
        if (!in[6].isEmpty()) {
            d.add(new TextField("title", in[6], Field.Store.YES));
            d.add(new TextField("text", in[6], Field.Store.YES));
        }
        d.add(new TextField("text", in[7], Field.Store.YES));
        return d;
    }

    long add(String table) throws IOException {
        long count = 0;
        try (BufferedReader in = Files.newBufferedReader(Paths.get(table))) {
            for (String line; (line = in.readLine()) != null; count++)
                writer.addDocument(document(line));
        }
        writer.commit();
        return count;
    }

    long delete(String ids) throws IOException {
        long count = 0;
        for (String id : Files.readAllLines(Paths.get(ids))) {
            writer.deleteDocuments(new Term("id", id));
            count++;
        }
        writer.commit();
        return count;
    }

    void reopen() throws IOException {
        DirectoryReader fresh = reader == null ? DirectoryReader.open(writer) : DirectoryReader.openIfChanged(reader);
        if (fresh == null)
            return;
        if (reader != null)
            reader.close();
        reader = fresh;
        searcher = new IndexSearcher(reader);
        searcher.setQueryCache(null); // every question is asked once
        highlighter = new UnifiedHighlighter(searcher, ANALYZER);
    }

    // --- questions ---

    static String stem(String word) throws IOException {
        try (TokenStream s = ANALYZER.tokenStream("text", word)) {
            s.reset();
            s.incrementToken();
            return s.getAttribute(CharTermAttribute.class).toString();
        }
    }

    static Query word(String field, String word) throws IOException {
        return new TermQuery(new Term(field, stem(word)));
    }

    static Query words(String kind, String[] all) throws IOException {
        if (kind.equals("prefix"))
            return new PrefixQuery(new Term("text", all[0]));
        if (kind.equals("phrase")) {
            PhraseQuery.Builder phrase = new PhraseQuery.Builder();
            for (String w : all)
                phrase.add(new Term("text", stem(w)));
            return phrase.build();
        }
        if (kind.equals("parent") || kind.equals("article"))
            return word("text", all[1]);
        if (all.length == 1)
            return word("text", all[0]);
        BooleanQuery.Builder many = new BooleanQuery.Builder();
        for (String w : all)
            many.add(word("text", w), kind.equals("thread") ? Occur.SHOULD : Occur.MUST);
        return many.build();
    }

    Query join(String from, String to, Query q) throws IOException {
        return JoinUtil.createJoinQuery(from, false, to, q, searcher, ScoreMode.None);
    }

    Query question(String[] in, boolean count) throws IOException {
        String kind = in[1];
        String[] all = in[2].split(" ");
        Query comment = new TermQuery(new Term("type", "comment"));
        BooleanQuery.Builder q = new BooleanQuery.Builder();
        if (!(kind.equals("thread") && count)) // all documents of the conversation answer
            q.add(words(kind, all), Occur.MUST);
        if (!in[5].isEmpty())
            q.add(new TermQuery(new Term("author", in[5])), Occur.FILTER);
        if (kind.equals("date")) {
            long from = Long.parseLong(in[3]), to = Long.parseLong(in[4]);
            q.add(new IndexOrDocValuesQuery(LongPoint.newRangeQuery("date", from, to),
                NumericDocValuesField.newSlowRangeQuery("date", from, to)), Occur.FILTER);
        } else if (kind.equals("parent")) {
            Query above = new BooleanQuery.Builder().add(word("text", all[0]), Occur.MUST)
                .add(comment, Occur.FILTER).build();
            q.add(join("id", "parent", above), Occur.FILTER);
        } else if (kind.equals("article")) {
            q.add(join("id", "thread", word("title", all[0])), Occur.FILTER);
            q.add(comment, Occur.FILTER);
        } else if (kind.equals("thread")) {
            q.add(join("thread", "thread", word("text", all[0])), Occur.FILTER);
            q.add(join("thread", "thread", word("text", all[1])), Occur.FILTER);
        }
        return q.build();
    }

    // --- answers ---

    long numberOf(int doc) throws IOException {
        LeafReaderContext leaf = reader.leaves().get(ReaderUtil.subIndex(doc, reader.leaves()));
        NumericDocValues numbers = leaf.reader().getNumericDocValues("number");
        numbers.advanceExact(doc - leaf.docBase);
        return numbers.longValue();
    }

    static void show(Document d, StringBuilder out) {
        String[] text = d.getValues("text");
        String body = text[text.length - 1];
        out.append(SEPARATOR).append(d.get("id")).append(SEPARATOR).append(d.get("author"));
        out.append(SEPARATOR).append(d.get("date")).append(SEPARATOR);
        out.append(text.length > 1 ? text[0] : "");
        out.append(SEPARATOR).append(body, 0, Math.min(SHOWN, body.length()));
    }

    void showContext(Document hit, StringBuilder out) throws IOException {
        for (String up = hit.get("parent"); !up.equals("0");) {
            TopDocs found = searcher.search(new TermQuery(new Term("id", up)), 1);
            if (found.scoreDocs.length == 0)
                break;
            Document above = searcher.doc(found.scoreDocs[0].doc);
            show(above, out);
            up = above.get("parent");
        }
        Query answers = new TermQuery(new Term("parent", hit.get("id")));
        TopDocs first = searcher.search(answers, REPLIES, new Sort(new SortField("date", SortField.Type.LONG)));
        for (ScoreDoc reply : first.scoreDocs)
            show(searcher.doc(reply.doc), out);
        out.append(SEPARATOR).append(searcher.count(answers));
        out.append(SEPARATOR).append(searcher.count(new TermQuery(new Term("thread", hit.get("thread")))));
    }

    void answer(String[] in, StringBuilder out) throws IOException {
        Query q = question(in, in[0].equals("count"));
        if (in[0].equals("count")) {
            out.append(searcher.count(q));
            return;
        }
        TopDocs best = searcher.search(q, HITS);
        if (in[0].equals("ids")) {
            for (ScoreDoc hit : best.scoreDocs)
                out.append(numberOf(hit.doc)).append(SEPARATOR);
            return;
        }
        String[] snippets = highlighter.highlight("text", q, best, 1);
        for (int i = 0; i < best.scoreDocs.length; i++) {
            Document d = searcher.doc(best.scoreDocs[i].doc);
            out.append(d.get("id")).append(SEPARATOR).append(d.get("author")).append(SEPARATOR);
            out.append(d.get("date")).append(SEPARATOR).append(snippets[i]).append(SEPARATOR);
            if (in[0].equals("context"))
                showContext(d, out);
        }
    }

    void serve() throws IOException {
        reopen();
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream replies = new PrintStream(new BufferedOutputStream(System.out, 1 << 16), false, "UTF-8");
        StringBuilder out = new StringBuilder();
        for (String line; (line = lines.readLine()) != null;) {
            String[] in = line.split("\t", -1);
            out.setLength(0);
            if (in[0].equals("total")) {
                out.append(reader.numDocs());
            } else if (in[0].equals("add") || in[0].equals("delete")) {
                out.append(in[0].equals("add") ? add(in[1]) : delete(in[1]));
                reopen();
            } else {
                answer(in, out);
            }
            replies.append(out).append('\n').flush();
        }
    }

    public static void main(String[] args) throws IOException {
        if (args.length == 3 && args[0].equals("build")) {
            Lucene index = new Lucene(args[1]);
            index.add(args[2]);
            index.writer.close();
        } else if (args.length == 2 && args[0].equals("serve")) {
            Lucene index = new Lucene(args[1]);
            index.serve();
            index.writer.close();
        } else {
            System.err.println("usage: java Lucene build DIR TABLE | serve DIR");
            System.exit(2);
        }
    }
}
