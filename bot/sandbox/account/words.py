"""The words of made-up clients, and the houses of made-up items. No company here is meant to be a real one."""

from __future__ import annotations

from typing import Final

HOUSES: Final = (
    "", "Atlântico", "Planície", "Ribeira Brava", "Pinhal Novo", "Alvorada", "Serra Alta", "Foz", "Miradouro",
    "Cais Velho", "Salgueiro", "Beira-Rio", "Monte Claro", "Lezíria", "Farol", "Azenha", "Moinho", "Capela", "Aldeia",
    "Horta Grande", "Vale Fundo", "Penedo", "Ponte Nova", "Castelo", "Carvalhal", "Figueira", "Oliveira",
    "Amendoeira", "Sobreiro", "Medronho", "Andorinha", "Cegonha", "Gaivota", "Golfinho", "Sardão", "Rouxinol",
    "Estrela", "Lua Cheia", "Sol Posto", "Nortada", "Maresia", "Neblina", "Outono", "Primavera", "Santelmo",
)  # fmt: skip
"""Made-up houses and lines, to tell the items of a large catalogue apart; the first is none."""

GIVEN_NAMES: Final = (
    "Maria", "João", "Ana", "José", "Inês", "António", "Beatriz", "Manuel", "Sofia", "Pedro", "Matilde", "Rui",
    "Leonor", "Tiago", "Carolina", "Luís", "Mariana", "Miguel", "Teresa", "Nuno", "Catarina", "Paulo", "Joana",
    "Ricardo", "Rita", "Gonçalo", "Helena", "Vítor", "Conceição", "Álvaro", "Graça", "Estêvão", "Lúcia", "Simão",
    "Íris", "Duarte",
)  # fmt: skip

FAMILY_NAMES: Final = (
    "Silva", "Santos", "Ferreira", "Pereira", "Oliveira", "Costa", "Rodrigues", "Martins", "Jesus", "Sousa",
    "Fernandes", "Gonçalves", "Gomes", "Lopes", "Marques", "Alves", "Almeida", "Ribeiro", "Pinto", "Carvalho",
    "Teixeira", "Moreira", "Correia", "Mendes", "Nunes", "Soares", "Vieira", "Monteiro", "Cardoso", "Rocha", "Raposo",
    "Neves", "Coelho", "Cruz", "Cunha", "Pires", "Simões", "Antunes", "Matos", "Fonseca", "Araújo", "Brandão",
    "Guimarães", "Magalhães", "Valadão",
)  # fmt: skip

COMPANY_WORDS: Final = (
    "Padaria", "Pastelaria", "Café", "Restaurante", "Talho", "Farmácia", "Livraria", "Papelaria", "Oficina",
    "Clínica", "Escola", "Construções", "Transportes", "Consultores", "Arquitetos", "Advogados", "Informática",
    "Turismo", "Vinhos", "Conservas", "Têxteis", "Calçado", "Cerâmica", "Cortiças", "Metalúrgica", "Imobiliária",
    "Seguros", "Gráfica", "Óptica", "Florista",
)  # fmt: skip

COMPANY_FORMS: Final = ("Lda.", "Lda.", "Unipessoal Lda.", "S.A.", "& Filhos, Lda.", "CRL")

STREETS: Final = (
    "Rua Direita", "Rua da Igreja", "Rua 25 de Abril", "Avenida da Liberdade", "Avenida da República",
    "Largo do Rossio", "Praça do Município", "Travessa do Forno", "Rua do Comércio", "Estrada Nacional 10",
    "Rua das Flores", "Calçada da Ajuda", "Rua de Santa Catarina", "Beco do Carrasco", "Zona Industrial, Lote",
)  # fmt: skip

PLACES: Final = (
    ("Lisboa", "1050"), ("Porto", "4000"), ("Braga", "4700"), ("Coimbra", "3000"), ("Aveiro", "3800"),
    ("Évora", "7000"), ("Faro", "8000"), ("Setúbal", "2900"), ("Leiria", "2400"), ("Viseu", "3500"),
    ("Guimarães", "4800"), ("Viana do Castelo", "4900"), ("Castelo Branco", "6000"), ("Bragança", "5300"),
    ("Beja", "7800"), ("Portalegre", "7300"), ("Santarém", "2000"), ("Funchal", "9000"), ("Ponta Delgada", "9500"),
    ("Angra do Heroísmo", "9700"), ("Óbidos", "2510"), ("Póvoa de Varzim", "4490"), ("Guarda", "6300"),
    ("Vila Real", "5000"),
)  # fmt: skip
"""Cities and the first half of a postal code there."""

FOREIGN_PLACES: Final = (
    ("Vigo", "36201", "Espanha"), ("Madrid", "28013", "Espanha"), ("Paris", "75011", "França"),
    ("Luxembourg", "L-1724", "Luxemburgo"), ("Berlin", "10117", "Alemanha"), ("London", "EC1A 1BB", "Reino Unido"),
    ("São Paulo", "01310-100", "Brasil"), ("Genève", "1204", "Suíça"),
)  # fmt: skip
