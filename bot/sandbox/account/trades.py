"""What made-up accounts sell. No brand here is meant to be a real one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """What one kind of business sells.

    Attributes:
        things: its products or services.
        variants: how each may be varied; the first is plain.
        packs: how much of it is sold at once; the first is plain.
        units: the units it is invoiced by; None where the account holds none.
        cents: what each thing costs, in cents, give or take.
        taxes: the taxes it may have; None for none. What stands twice comes twice as often.
        remarks: what its description may say.
    """

    things: tuple[str, ...]
    variants: tuple[str, ...]
    packs: tuple[str, ...]
    units: tuple[str | None, ...]
    cents: tuple[int, ...]
    taxes: tuple[str | None, ...]
    remarks: tuple[str, ...]


TRADES: Final = (
    Trade(
        things=(
            "Café expresso", "Galão", "Meia de leite", "Garoto", "Abatanado", "Carioca de limão", "Cappuccino",
            "Chá preto", "Chá de cidreira", "Chocolate quente", "Sumo de laranja natural", "Limonada", "Água sem gás",
            "Água com gás", "Imperial", "Cerveja artesanal", "Vinho da casa tinto", "Vinho da casa branco",
            "Ginjinha", "Batido de morango", "Café descafeinado", "Infusão de tília", "Mazagran",
            "Café com cheirinho", "Panaché",
        ),
        variants=(
            "", "para levar", "com gelo", "sem açúcar", "em chávena fria", "ao balcão", "na esplanada", "de manhã",
            "do dia", "da casa", "extra", "XL",
        ),
        packs=(
            "", "copo 20 cl", "copo 30 cl", "jarro 1 l", "garrafa 33 cl", "garrafa 75 cl", "caixa 6 un.",
            "caixa 12 un.", "caixa 24 un.", "senha 5 un.", "senha 10 un.", "senha 20 un.",
        ),
        units=("unit", "unit", None, "other"),
        cents=(
            80, 140, 140, 80, 90, 100, 250, 150, 150, 220, 280, 250, 120, 140, 180, 450, 350, 350, 150, 320, 90, 160,
            220, 130, 240,
        ),
        taxes=("IVA13", "IVA13", "IVA23"),
        remarks=(
            "Serviço de mesa incluído.", "Servido até às 19h.", "Pode conter leite.", "Torra média, lote da casa.",
        ),
    ),
    Trade(
        things=(
            "Pastel de nata", "Queque", "Bola de Berlim", "Pão de forma", "Pão alentejano", "Broa de milho",
            "Croissant simples", "Croissant misto", "Tosta mista", "Bifana no pão", "Prego no prato", "Francesinha",
            "Caldo verde", "Sopa do dia", "Bacalhau à Brás", "Arroz de pato", "Salada mista", "Bolo-rei", "Pão de ló",
            "Arroz-doce", "Mousse de chocolate", "Empada de galinha", "Rissol de camarão", "Pão com chouriço",
            "Folar da Páscoa",
        ),
        variants=(
            "", "para levar", "sem glúten", "sem lactose", "integral", "com queijo", "com fiambre", "à moda da casa",
            "da avó", "mini", "familiar", "tradicional",
        ),
        packs=(
            "", "meia dose", "dose", "fatia", "unidade 80 g", "unidade 120 g", "unidade 400 g", "quilo",
            "caixa 4 un.", "caixa 6 un.", "caixa 12 un.", "tabuleiro 50 un.",
        ),
        units=("unit", "unit", None),
        cents=(
            120, 130, 150, 220, 280, 320, 110, 200, 350, 420, 950, 1100, 250, 220, 1050, 980, 380, 1400, 900, 300,
            320, 160, 120, 240, 1200,
        ),
        taxes=("IVA13", "IVA6", "IVA23"),
        remarks=(
            "Feito no dia.", "Encomendas com 48 horas de antecedência.", "Contém glúten e ovo.", "Serve 2 pessoas.",
        ),
    ),
    Trade(
        things=(
            "Horas de consultoria", "Consultoria fiscal", "Consultoria de gestão", "Auditoria interna",
            "Plano de negócios", "Estudo de mercado", "Formação profissional", "Sessão de mentoria",
            "Diagnóstico digital", "Candidatura a fundos", "Apoio à exportação", "Revisão de contrato",
            "Parecer jurídico", "Processamento de salários", "Contabilidade organizada", "Declaração de IRS",
            "Declaração trimestral de IVA", "Constituição de sociedade", "Registo de marca", "Tradução técnica",
            "Tradução certificada", "Revisão de texto", "Interpretação simultânea", "Apoio ao recrutamento",
            "Avaliação de desempenho",
        ),
        variants=(
            "", "júnior", "sénior", "à distância", "presencial", "urgente", "em inglês", "em francês",
            "ao fim de semana", "fora de horas", "para PME", "para associações",
        ),
        packs=(
            "", "por hora", "meio dia", "dia inteiro", "pacote 5 horas", "pacote 10 horas", "pacote 20 horas",
            "pacote 50 horas", "avença trimestral", "avença semestral", "avença anual", "por processo",
        ),
        units=("hour", "hour", "day", "service", None),
        cents=(
            6500, 8500, 7500, 95000, 180000, 240000, 48000, 9000, 60000, 150000, 75000, 18000, 35000, 1200, 15000,
            4500, 6000, 42000, 29000, 3800, 5500, 2400, 52000, 98000, 34000,
        ),
        taxes=("IVA23", "IVA23", "IVA23", None),
        remarks=(
            "Deslocações não incluídas.", "Inclui relatório final.", "Faturado ao fim do mês.",
            "Conforme proposta aceite.",
        ),
    ),
    Trade(
        things=(
            "Manutenção mensal", "Alojamento web", "Registo de domínio", "Certificado digital",
            "Desenvolvimento de sítio", "Loja em linha", "Aplicação móvel", "Cópia de segurança", "Caixa de correio",
            "Apoio informático", "Instalação de rede", "Migração de dados", "Licença de utilizador",
            "Servidor virtual", "Monitorização", "Integração com faturação", "Análise de segurança",
            "Desenho de interface", "Edição de conteúdos", "Campanha em redes sociais", "Sessão fotográfica",
            "Edição de vídeo", "Boletim eletrónico", "Otimização para pesquisa", "Logótipo",
        ),
        variants=(
            "", "com suporte", "sem suporte", "24 horas", "em dias úteis", "à medida", "bilingue", "profissional",
            "empresarial", "para equipas", "por fases", "com formação",
        ),
        packs=(
            "", "por mês", "por trimestre", "por ano", "2 anos", "3 anos", "10 GB", "50 GB", "100 GB", "1 TB",
            "5 utilizadores", "25 utilizadores",
        ),
        units=("month", "month", "service", "hour", None),
        cents=(
            12000, 990, 1400, 4500, 140000, 260000, 850000, 1900, 450, 4200, 38000, 65000, 1250, 2900, 1500, 90000,
            125000, 78000, 3500, 45000, 22000, 30000, 16000, 39000, 35000,
        ),
        taxes=("IVA23", "IVA23", "IVA23", None),
        remarks=(
            "Renovação automática.", "Tempo de resposta: 8 horas úteis.", "Até 20 páginas.", "Código-fonte incluído.",
        ),
    ),
    Trade(
        things=(
            "Pintura de interiores", "Pintura de fachada", "Canalização", "Instalação elétrica",
            "Colocação de azulejo", "Assentamento de pavimento", "Reparação de telhado",
            "Impermeabilização de terraço", "Montagem de móveis", "Desentupimento", "Substituição de torneira",
            "Limpeza de caleiras", "Poda de árvores", "Corte de relva", "Manutenção de jardim", "Limpeza de piscina",
            "Limpeza de escritório", "Limpeza de vidros", "Lavagem de alcatifa", "Desinfestação",
            "Mudança de fechadura", "Reparação de estores", "Inspeção de gás", "Revisão de caldeira",
            "Remoção de entulho",
        ),
        variants=(
            "", "em moradia", "em loja", "em condomínio", "com material", "sem material", "com garantia", "urgente",
            "simples", "grande", "fora de horas", "ao fim de semana",
        ),
        packs=(
            "", "por hora", "por dia", "por m²", "por metro", "até 50 m²", "até 100 m²", "até 200 m²", "1 técnico",
            "2 técnicos", "equipa de 4", "orçamento fechado",
        ),
        units=("hour", "day", "service", "other", None),
        cents=(
            750, 1400, 3500, 3800, 2200, 1900, 48000, 3200, 4500, 9000, 5500, 12000, 8000, 4000, 9500, 8500, 1400,
            6000, 650, 11000, 8500, 6500, 6000, 9000, 15000,
        ),
        taxes=("IVA23", "IVA6", "IVA23"),
        remarks=("Material não incluído.", "Garantia de 2 anos.", "Mão de obra.", "Deslocação até 20 km incluída."),
    ),
    Trade(
        things=(
            "Resma de papel A4", "Esferográfica azul", "Lápis de grafite", "Caderno pautado", "Agenda",
            "Pasta de arquivo", "Agrafador", "Caixa de agrafos", "Fita-cola", "Marcador fluorescente",
            "Envelope branco", "Etiquetas", "Toner preto", "Tinteiro de cor", "Rato sem fios", "Teclado",
            "Auscultadores", "Cabo de rede", "Carregador", "Suporte para portátil", "Candeeiro de secretária",
            "Cadeira de escritório", "Secretária", "Estante", "Quadro branco",
        ),
        variants=(
            "", "azul", "verde", "em preto", "em branco", "cor-de-rosa", "compatível", "grande", "simples",
            "de viagem", "para escola", "XL",
        ),
        packs=(
            "", "unidade", "par", "pack 3", "pack 5", "pack 10", "caixa 12", "caixa 24", "caixa 50", "caixa 100",
            "palete", "conjunto",
        ),
        units=("unit", "unit", "unit", None),
        cents=(
            450, 45, 30, 220, 1250, 290, 690, 110, 95, 120, 12, 550, 6200, 2400, 1990, 2990, 3900, 650, 2200, 3400,
            2700, 14900, 21900, 11900, 4800,
        ),
        taxes=("IVA23",),
        remarks=("Entrega em 48 horas.", "Stock limitado.", "Produto recondicionado.", "Cor sujeita a confirmação."),
    ),
    Trade(
        things=(
            "Azeite virgem extra", "Vinho tinto reserva", "Vinho verde", "Vinho do Porto", "Queijo da serra",
            "Queijo fresco", "Presunto", "Chouriço de carne", "Alheira", "Mel de rosmaninho", "Doce de abóbora",
            "Marmelada", "Sardinha em lata", "Atum em azeite", "Flor de sal", "Piripíri", "Amêndoa torrada",
            "Figo seco", "Castanha", "Laranja do Algarve", "Maçã de Alcobaça", "Pera rocha", "Batata nova",
            "Arroz carolino", "Feijão-frade",
        ),
        variants=(
            "", "da quinta", "de montanha", "sem sal", "picante", "em conserva", "extra", "da casa", "de outono",
            "sem aditivos", "de produção local", "premium",
        ),
        packs=("", "100 g", "250 g", "500 g", "1 kg", "5 kg", "25 cl", "50 cl", "75 cl", "5 l", "caixa de 6", "cabaz"),
        units=("unit", "other", None),
        cents=(
            890, 1250, 490, 1400, 2200, 340, 2800, 780, 420, 750, 390, 440, 210, 280, 360, 290, 980, 720, 540, 160,
            190, 180, 120, 150, 230,
        ),
        taxes=("IVA6", "IVA6", "IVA13", "IVA23"),
        remarks=(
            "Origem: Alentejo.", "Lote identificado na embalagem.", "Conservar em local fresco.", "Produção própria.",
        ),
    ),
    Trade(
        things=(
            "Quarto individual", "Quarto duplo", "Suite", "Cama extra", "Pequeno-almoço", "Meia pensão",
            "Aluguer de sala", "Aluguer de projetor", "Estacionamento", "Transporte para o aeroporto",
            "Visita guiada", "Passeio de barco", "Prova de vinhos", "Aula de surf", "Aluguer de prancha",
            "Aluguer de bicicleta", "Aluguer de viatura", "Aluguer de trotinete", "Bilhete de entrada",
            "Massagem de relaxamento", "Circuito termal", "Aula de ioga", "Mensalidade de ginásio", "Aula de natação",
            "Excursão",
        ),
        variants=(
            "", "época alta", "época baixa", "adulto", "criança", "sénior", "em grupo", "em exclusivo", "com guia",
            "vista mar", "não reembolsável", "flexível",
        ),
        packs=(
            "", "1 hora", "2 horas", "meio-dia", "1 dia", "2 dias", "3 noites", "7 noites", "fim de semana",
            "até 4 pessoas", "até 8 pessoas", "até 20 pessoas",
        ),
        units=("day", "unit", "hour", "service", None),
        cents=(
            5800, 7900, 14500, 2000, 950, 2400, 12000, 3500, 1200, 3000, 1800, 3500, 2200, 4000, 1500, 1400, 4800,
            900, 800, 5500, 4200, 1200, 3490, 1500, 6500,
        ),
        taxes=("IVA6", "IVA23", "IVA13"),
        remarks=(
            "Cancelamento gratuito até 48 horas antes.", "Seguro incluído.", "Ponto de encontro: receção.",
            "Mínimo 2.",
        ),
    ),
)  # fmt: skip
"""What made-up accounts sell. Each trade has as many things, prices, variants and packs as every other."""
