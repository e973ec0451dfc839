SEARCHD_SRC := $(wildcard searchd/*.c searchd/*/*.c)
SEARCHD_OBJ := $(patsubst %.c,$(B)/%.o,$(filter-out searchd/main.c,$(SEARCHD_SRC))) $(B)/searchd/web/assets.o
$(B)/searchd/web/assets.o: searchd/web/assets.S searchd/web/weft.css searchd/web/weft.js searchd/web/favicon.svg
	@mkdir -p $(@D)
	$(CC) -c -o $@ $<
PROGRAMS += $(B)/weft-searchd
$(B)/weft-searchd: $(B)/searchd/main.o $(SEARCHD_OBJ) $(B)/libweft.a
	$(LINK) $^ $(PKG_LIBS)
$(B)/searchd/%.o: CPPFLAGS += -Isearchd
