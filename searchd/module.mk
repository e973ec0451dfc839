SEARCHD_SRC := $(wildcard searchd/*.c searchd/*/*.c)
SEARCHD_OBJ := $(patsubst %.c,$(B)/%.o,$(filter-out searchd/main.c,$(SEARCHD_SRC)))
PROGRAMS += $(B)/weft-searchd
$(B)/weft-searchd: $(B)/searchd/main.o $(SEARCHD_OBJ) $(B)/libweft.a
	$(LINK) $^ $(PKG_LIBS)
$(B)/searchd/%.o: CPPFLAGS += -Isearchd
