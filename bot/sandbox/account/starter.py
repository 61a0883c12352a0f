"""The sample data of a new account: a made-up catalogue, and the records that show what real accounts contain."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Final

from .records import ClientRecord, ContactRecord, ItemRecord, TaxRecord
from .samples import RATES, made_up_clients, made_up_items, usual_taxes

_ITEMS: Final = 320
_CLIENTS: Final = 180
_FIRST_ITEM: Final = 402_321
_FIRST_CLIENT: Final = 1_250_101
_SEED: Final = 2026


def sample_taxes() -> tuple[TaxRecord, ...]:
    """Return the taxes of a new account; IVA23 is the default."""
    return usual_taxes()


def sample_items() -> tuple[ItemRecord, ...]:
    """Return the items of a new account, 320 of them with consecutive ids from 402321."""
    special = _special_items()
    taken = {item.name.casefold() for item in special}
    made_up = [item for item in made_up_items(_ITEMS, seed=_SEED) if item.name.casefold() not in taken]
    items = (*special, *made_up)[:_ITEMS]
    return tuple(replace(item, id=_FIRST_ITEM + index) for index, item in enumerate(items))


def sample_clients() -> tuple[ClientRecord, ...]:
    """Return the clients of a new account, 180 of them with consecutive ids from 1250101."""
    special = _special_clients()
    made_up = made_up_clients(_CLIENTS - len(special), seed=_SEED, first_id=_FIRST_CLIENT + len(special))
    return (*special, *made_up)


def _item(
    name: str, price: str, unit: str | None = None, tax: str | None = "IVA23", description: str | None = None
) -> ItemRecord:
    rate = RATES[tax] if tax else None
    return ItemRecord(
        id=0, name=name, unit_price=Decimal(price), description=description, unit=unit, tax=tax, tax_value=rate
    )


def _special_items() -> tuple[ItemRecord, ...]:
    """Return items of which each shows something; the first two are the documentation's own."""
    return (
        _item("Medium", "16.2602", "service", description="foo"),
        _item("Large", "24.3902", "service", description="foo"),
        _item("Café Expresso", "0.6504", "unit", "IVA13", "Lote da casa, torra média."),
        _item("Café Expresso Duplo", "1.0569", "unit", "IVA13"),
        _item("Galão", "1.2195", "unit", "IVA13", "Café com leite, em copo alto."),
        _item("Horas de consultoria", "65.00", "hour", "IVA23", "Faturadas em períodos de 15 minutos."),
        _item(
            "Manutenção mensal", "120.00", "month", "IVA23", "Inclui:\n- atualizações\n- cópias de segurança\n- 2 horas"
        ),
        _item("Diária de formação", "480", "day", None, "Isento ao abrigo do artigo 9.º do CIVA."),
        _item("Ajudas de custo", "62.75", None, None),
        _item("Quilómetros em viatura própria", "0.40", "other", None, "Por quilómetro."),
        _item("Arredondamento", "0.0001", None, "IVA23"),
        _item("Oferta", "0.00", "unit", "IVA23", "Sem custo para o cliente."),
        _item("Servidor dedicado, 3 anos", "12345.6789", "service", "IVA23"),
        _item("Pão & Companhia <cabaz>", "18.8679", "unit", "IVA6", "Pão, queijo & vinho <escolha da casa>"),
        _item("*Promoção* _2 por 1_ ~hoje~", "7.50", "unit", "IVA13", "Os sinais fazem parte do nome: `*` e `_`."),
        _item('Parafuso 1/2" (cx. 100)', "4.9187", "unit", "IVA23"),
        _item("Kit de boas-vindas\n(caderno e caneta)", "9.99", "unit", "IVA23", "O nome tem duas linhas."),
        _item("Relatório técnico", "350", "service", "IVA23", " ".join(["Descrição longa, sem fim à vista."] * 40)),
        _item("Taxa turística", "2.00", "day", None, ""),
        _item("Ação de formação 日本語 🇵🇹", "99.90", "service", None),
    )


def _special_clients() -> tuple[ClientRecord, ...]:
    """Return clients of which each shows something; the first is the documentation's own."""
    clients = (
        ClientRecord(
            id=0, name="Client Name", code="12345", email="foo@bar.com", language="pt",
            address="Avenida da República, Lisboa", city="Lisboa", postal_code="1050-555", country="Portugal",
            fiscal_id="508025338", website="www.invoicexpress.com", phone="213456789", fax="213456788",
            preferred_contact=ContactRecord(name="Bruce Norris", email="email@invoicexpress.com", phone="213456789"),
            observations="Observations",
        ),
        ClientRecord(
            id=0, name="Padaria Central de Alfama, Lda.", code="PAD-01", email="geral@padariacentral.example",
            language="pt", address="Rua dos Remédios 15\nAlfama", city="Lisboa", postal_code="1100-441",
            fiscal_id="796 1350 02", phone="218 870 000", observations="O NIF foi escrito com espaços.",
        ),
        ClientRecord(
            id=0, name="Grupo Maré Alta, S.A.", code="MARE-1", email="compras@marealta.example", language="pt",
            address="Cais das Naus, Lote 4", city="Porto", postal_code="4050-100", country="Portugal",
            fiscal_id="501234560", preferred_contact=ContactRecord(name="Graça Antunes", phone="912345678"),
        ),
        ClientRecord(
            id=0, name="Grupo Maré Alta, S.A. (filial de Faro)", code="MARE-2", language="pt", city="Faro",
            postal_code="8000-125", country="Portugal", fiscal_id="501234560",
            observations="Mesmo NIF da sede, outra morada.",
        ),
        ClientRecord(
            id=0, name="João Silva", code="JS-LX", email="joao.silva@lisboa.example", language="pt", city="Lisboa",
            country="Portugal", fiscal_id="123456789",
        ),
        ClientRecord(
            id=0, name="João Silva", code="JS-PRT", email="joao.silva@porto.example", language="pt", city="Porto",
            fiscal_id="234567899",
        ),
        ClientRecord(
            id=0, name="Panadería Río Miño S.L.", code="ES-07", email="hola@riomino.example", language="es",
            address="Rúa do Príncipe 22\n2.º A", city="Vigo", postal_code="36202", country="Espanha",
            fiscal_id="ESB12345674",
        ),
        ClientRecord(
            id=0, name="Smith & Sons <Imports>\nLondon office", code="UK-1", email="ap@smith-sons.example",
            language="en", address="1 Made-up Street\nFloor 3\nAttn: *Accounts* _payable_", city="London",
            postal_code="EC1A 1BB", country="Reino Unido", website="https://smith-sons.example",
        ),
        ClientRecord(id=0, name="Consumidor final", send_options=None),
        ClientRecord(
            id=0, name="Associação de Moradores do Bairro das Fontaínhas e Zonas Limítrofes, Instituição Particular",
            code="AMBF", city="Setúbal", fiscal_id="502345675",
            preferred_contact=ContactRecord(email="direcao@moradores.example"),
        ),
    )  # fmt: skip
    return tuple(replace(client, id=_FIRST_CLIENT + index) for index, client in enumerate(clients))
