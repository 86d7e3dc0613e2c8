using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CortexMl.Survey.Networks;
using CortexMl.Survey.Reporting;
using Xunit;

namespace CortexMl.Tests.Survey;

/// <summary>The page with plots.</summary>
public sealed class SurveyPageTests
{
    private static readonly NetworkRow s_row = new("wild", "a<b", "default")
    {
        Outputs = [new("y", 14.5)], Agreement = 0.95, Metric = "miou", MetricValue = 0.985, Gas = 1234567, Noisiest = "inside",
    };

    private static readonly NetworkRow s_refused = new("wild", "lstm", "default") { Refused = "CML0205 LSTM & more" };

    [Fact]
    public void A_page_shows_figures_and_reasons_with_outside_text_escaped()
    {
        string page = SurveyPage.Html([s_row, s_refused], []);
        Assert.Contains("<tr class=\"low\"><td class=\"t\">wild/a&lt;b</td><td>14.5</td>", page, StringComparison.Ordinal);
        Assert.Contains("<td>miou 98.50</td>", page, StringComparison.Ordinal);
        Assert.Contains("<td>1,234,567</td>", page, StringComparison.Ordinal);
        Assert.Contains("<td class=\"t\">wild/lstm</td><td class=\"t\" colspan=\"14\">refused: CML0205 LSTM &amp; more</td>", page,
            StringComparison.Ordinal);
        Assert.Equal(2, Images(page).Count);
    }

    [Fact]
    public void Before_stands_beside_now()
    {
        string page = SurveyPage.Html([s_row], [s_row with { Outputs = [new("y", 4.9)] }]);
        Assert.Contains("<td>14.5</td><td>4.9</td>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plot_names_its_bars_and_numbers_once()
    {
        var texts = XDocument.Parse(Images(SurveyPage.Html([s_row], []))[0]).Descendants()
            .Where(e => e.Name.LocalName == "text").Select(e => e.Value).ToList();
        Assert.Equal(["wild/a<b", "14.5", "0", "10", "20", "30", "40", "50", "60"], texts);
    }

    [Fact]
    public void The_same_rows_give_the_same_page() => Assert.Equal(SurveyPage.Html([s_row], [s_row]), SurveyPage.Html([s_row], [s_row]));

    private static List<string> Images(string page) =>
    [
        .. Regex.Matches(page, "base64,([^\"]*)\"").Select(m => Encoding.UTF8.GetString(Convert.FromBase64String(m.Groups[1].Value))),
    ];
}
