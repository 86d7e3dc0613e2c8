using CortexMl.Survey.Networks;
using CortexMl.Survey.Reporting;
using Xunit;

namespace CortexMl.Tests.Survey;

/// <summary>Figures of a survey as comma-separated values.</summary>
public sealed class CsvFileTests
{
    private const string Header = "set,network,variant,data,operators,samples,float_top1,integer_top1,lost,won,mcnemar_p,agreement,"
        + "metric,metric_value,worst_db,outputs,outputs_db,gas,params_bytes,refused,failed,seconds,peak_mb\n";

    private static readonly NetworkRow s_measured = new("wild", "robot", "default")
    {
        Data = "noise", Operators = 19, Samples = 24, Classes = new(0.75, 0.5, 6, 1, 0.125), Agreement = 2 / 3.0,
        Metric = "miou", MetricValue = 0.9,
        Outputs = [new("scores", 22.93), new("boxes", null)], Gas = 78531, ParamsBytes = 11310, Seconds = 0.41, PeakBytes = 66L << 20,
    };

    [Fact]
    public void A_row_has_a_cell_for_each_figure() => Assert.Equal(
        Header + "wild,robot,default,noise,19,24,0.75,0.5,6,1,0.125,0.666667,miou,0.9,22.93,scores boxes,22.93 exact,78531,11310,"
            + ",,0.41,66\n",
        CsvFile.Text([s_measured]));

    [Fact]
    public void A_network_without_labels_has_empty_cells()
    {
        string line = CsvFile.Text([s_measured with { Classes = null, Agreement = null }]).Split('\n')[1];
        Assert.Equal("wild,robot,default,noise,19,24,,,,,,,miou,0.9,22.93,scores boxes,22.93 exact,78531,11310,,,0.41,66", line);
    }

    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"no\"", "\"say \"\"no\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData("", "")]
    public void A_cell_is_quoted_where_it_must_be(string cell, string written)
    {
        Assert.Equal(written, CsvFile.Quoted(cell));
        Assert.Equal([[cell, "x"]], CsvFile.Parse(written + ",x\n"));
    }

    [Fact]
    public void What_is_written_reads_back()
    {
        var refused = new NetworkRow("a, b", "c\"d", "no-clamp") { Refused = "CML0205 Sign 'y', and\nmore" };
        var rows = CsvFile.Read(CsvFile.Text([s_measured, refused]));
        Assert.Equal(CsvFile.Text([s_measured, refused]).Replace("scores boxes", " ", StringComparison.Ordinal), CsvFile.Text(rows));
        Assert.Equal(22.93, rows[0].Worst);
        Assert.True(refused.Is(rows[1]));
        Assert.False(rows[1].IsMeasured);
    }

    [Fact]
    public void A_survey_from_before_there_were_metrics_is_read()
    {
        string old = Header.Replace("metric,metric_value,", "", StringComparison.Ordinal)
            + "wild,robot,default,noise,19,24,,,,,,0.5,22.93,a,22.93,7,8,,,0.4,66\n";
        var row = Assert.Single(CsvFile.Read(old));
        Assert.Equal(("", null, 0.5, 22.93), (row.Metric, row.MetricValue, row.Agreement, row.Worst));
    }

    [Theory]
    [InlineData("a,b\n1,2\n", "line 1 is not the header of a survey")]
    [InlineData(Header + "x,y\n", "line 2 has 2 of 23 cells")]
    [InlineData(Header + "s,n,v,d,many,24,,,,,,,,,,,,1,1,,,0.4,66\n", "line 2: 'many' is no number")]
    [InlineData(Header + "\"s", "a quote is not closed")]
    public void What_is_no_survey_is_refused_with_its_line(string text, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => CsvFile.Read(text)).Message);
}
